/** The style sheet of the operator's colour and logo, that every page links to after its own. */
export const brandSheet = "/brand.css";
const logos = "/brand";

/** Where a logo is. */
export const logoPath = (id: string): string => `${logos}/${id}`;
