export const hostHref = (host: string): string => `/hosts/host?name=${encodeURIComponent(host)}`;
