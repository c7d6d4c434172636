import { notFound } from "next/navigation";

/** Any other address: the not-found page in the visitor's language. */
export default function Page() {
  notFound();
}
