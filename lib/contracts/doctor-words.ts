/** What is looked into, in this order. */
export const doctorGroups = ["dns", "ports", "certificates", "delivery", "clock", "machine", "settings"] as const;
export type DoctorGroup = (typeof doctorGroups)[number];

/** What the doctor finds, in English. Words in braces are values of the finding. */
export const doctorTexts = {
  "address-found": "{host} has the addresses {addresses}.",
  "address-elsewhere": "{host} leads to {addresses}, none of which this machine has.",
  "address-elsewhere-inside": "{host} leads to {addresses}; this machine is reached through another one, if at all.",
  "address-missing": "{host} has no address in the DNS.",
  "address-missing-inside": "{host} has no address in the DNS, and this machine has none that others could reach.",
  "dns-failed": "The DNS could not be asked about {name}: {reason}.",
  "srv-found": "{name} leads to {target}, port {port}.",
  "srv-missing": "There is no record {name}; clients and servers fall back to {host}, port {port}.",
  "srv-missing-direct":
    "There is no record {name}: clients do not find port {port}, which has TLS from the first byte.",
  "srv-missing-needed": "There is no record {name}, and the fallback port {fallback} is not open here.",
  "srv-other-port": "{name} leads to port {port}; here it is {own}.",
  "srv-dead-target": "{name} leads to {target}, which has no address.",
  "pointer-found": "The address {address} has the name {name}, which leads back to it.",
  "pointer-missing": "The address {address} of {host} has no name in the DNS.",
  "pointer-astray": "The address {address} of {host} has the name {name}, which does not lead back to it.",
  "caa-found": "Certificates for {host} may be issued by {issuers} only.",
  "caa-missing": "Any authority may issue certificates for {host}.",
  "caa-forbids": "Certificates for {host} may be issued by {issuers} only; they are ordered from {authority}.",
  "port-open": "Port {port} ({listener}) answers at {address}.",
  "port-closed": "Port {port} ({listener}) does not answer at {address}: {reason}.",
  "certificate-good": "The certificate of {host} is good for {days} days.",
  "certificate-missing": "{host} has no certificate.",
  "certificate-self-signed": "{host} shows a self-signed certificate: clients warn, and other servers refuse it.",
  "certificate-not-covering": "The certificate of {host} is not valid for {name}.",
  "certificate-chain": "The chain of the certificate of {host} is {chain}: some clients cannot check it.",
  "certificate-expiring": "The certificate of {host} ends in {days} days.",
  "certificate-expired": "The certificate of {host} has expired: clients refuse to connect.",
  "certificate-not-revoked": "The authority of the certificate of {host} says that it is good.",
  "certificate-revoked": "The authority of the certificate of {host} has revoked it, or does not know it.",
  "certificate-must-staple":
    "The certificate of {host} wants the word of its authority in every handshake, which is not sent: some clients refuse it.",
  "revocation-unknown": "The authority of the certificate of {host} cannot be asked whether it is good: {reason}.",
  "clock-right": "The clock agrees with that of {source} to {seconds} s.",
  "clock-wrong": "The clock is {seconds} s away from that of {source}.",
  "clock-unknown": "The clock was compared with nobody's: no target could be asked for the time.",
  "disk-room": "{free} are free on the disk of the store.",
  "disk-low": "Only {free} are free on the disk of the store; below 64 MiB messages are refused.",
  "target-reached": "{target} was reached: {address} answers.",
  "target-unreachable": "{target} cannot be reached at {address}: {reason}.",
  "target-untrusted": "The certificate of {target} at {address} is not accepted: {reason}.",
  "provider-reached": "The push provider of {target} was reached: {address}.",
  "files-enough": "{limit} files and connections may be open at once.",
  "files-few": "Only {limit} files and connections may be open at once; each client needs one.",
  "key-private": "The key file is readable by its owner only.",
  "key-readable": "Others may read the key file {file} (mode {mode}): it opens all that is sealed in the store.",
  "data-readable": "Others may read the data directory {file} (mode {mode}).",
  "backup-recent": "The newest backup is {days} days old.",
  "backup-old": "There is no backup of the last seven days.",
  "setting-trap": "{warning}.",
  "settings-sound": "No setting of the configuration gives anything away.",
  "check-failed": "This could not be checked: {reason}.",
} as const;

export type DoctorCode = keyof typeof doctorTexts;

/** What to do about it, where there is something to do. */
export const doctorFixes = {
  "address-elsewhere": "That is right behind NAT or a proxy. Otherwise let its A and AAAA records lead to {own}.",
  "address-missing": "Add an A record, and an AAAA record if the machine has IPv6: {own}.",
  "address-elsewhere-inside": "That is right where NAT or a proxy at that address passes the ports on.",
  "address-missing-inside":
    "Add an A record with the address at which others reach this machine, through NAT or a proxy.",
  "dns-failed": "Check the machine's resolver.",
  "srv-missing": "Add: {name}. 3600 IN SRV 5 0 {port} {host}.",
  "srv-missing-direct": "Add: {name}. 3600 IN SRV 5 0 {port} {host}.",
  "srv-missing-needed": "Add: {name}. 3600 IN SRV 5 0 {port} {host}.",
  "srv-other-port":
    "That is right where a firewall or proxy maps the port. Otherwise change the record's port to {own}.",
  "srv-dead-target": "Let the record name a host with an A or AAAA record.",
  "pointer-missing":
    "Nothing of XMPP needs it; some mail servers and networks do. Whoever gave you the address can set a PTR record to {host}.",
  "pointer-astray": "Let {name} lead to {address}, or have the PTR record of {address} name {host}.",
  "caa-missing": 'Name the authority that you use, such as: {name}. 3600 IN CAA 0 issue "letsencrypt.org"',
  "caa-forbids": 'Add: {name}. 3600 IN CAA 0 issue "{authority}"',
  "port-closed": "Look for a firewall on this machine, and whether `bind` in the configuration leaves the address out.",
  "certificate-missing": "Upload one on the page Certificates, or have it ordered there.",
  "certificate-self-signed": "Have one ordered on the page Certificates, or upload one.",
  "certificate-not-covering": "Order or upload one that names {name} as well.",
  "certificate-chain":
    "Put the authority's intermediate certificates behind it in the same file, each followed by its issuer.",
  "certificate-expiring": "Renew it, or have it ordered and renewed on the page Certificates.",
  "certificate-expired": "Upload a valid one, or have it ordered, on the page Certificates.",
  "certificate-revoked": "Order another one on the page Certificates, with a new key, or upload one.",
  "certificate-must-staple": "Order or upload one without the extension TLS feature (must-staple).",
  "revocation-unknown": "Let the server reach the address that the certificate names, by HTTP.",
  "clock-wrong":
    "Let the machine's clock follow NTP: codes of second factors, tokens of APNs and signatures depend on it.",
  "disk-low": "Make room, or move the data directory to a larger disk.",
  "target-unreachable": "Check its address, its DNS and the firewall between; forwards wait meanwhile.",
  "target-untrusted":
    "Let the web server show its whole chain from an authority that is known here (NODE_EXTRA_CA_CERTS).",
  "files-few": "Raise the limit: `LimitNOFILE=65536` in the systemd unit, `--ulimit nofile=65536` for Docker.",
  "key-readable": "chmod 600 {file}",
  "data-readable": "chmod 700 {file}",
  "backup-old": "Switch the schedule on on the page Backups, or run `nightpost backup create`.",
  "setting-trap": "Change it in the configuration file, unless this is a test.",
} as const satisfies Partial<Record<DoctorCode, string>>;

export type FixableCode = keyof typeof doctorFixes;

export function isFixable(code: DoctorCode): code is FixableCode {
  return Object.hasOwn(doctorFixes, code);
}
