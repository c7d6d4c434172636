import type { ModuleDefinition } from "../core/module.ts";
import { administration } from "./adhoc/administration.ts";
import { adhoc } from "./adhoc/module.ts";
import { announce } from "./announce/module.ts";
import { archive } from "./archive/module.ts";
import { avatarConversion } from "./avatar-conversion/module.ts";
import { bind } from "./bind.ts";
import { bind2 } from "./bind2.ts";
import { blocking } from "./blocking/module.ts";
import { bookmarkConversion } from "./bookmark-conversion/module.ts";
import { carbons } from "./carbons/module.ts";
import { clientAccess } from "./client-access.ts";
import { components } from "./components/module.ts";
import { contactAddresses } from "./contact-addresses.ts";
import { clientState } from "./csi/module.ts";
import { disco } from "./disco/module.ts";
import { diskGuard } from "./disk-guard.ts";
import { displayedSync } from "./displayed-sync.ts";
import { externalServices } from "./external-services.ts";
import { invites } from "./invites/module.ts";
import { last } from "./last.ts";
import { message } from "./message/module.ts";
import { muc } from "./muc/module.ts";
import { multicast } from "./multicast/module.ts";
import { offline } from "./offline/module.ts";
import { ping } from "./ping.ts";
import { presence } from "./presence/module.ts";
import { privateXml } from "./private.ts";
import { pep } from "./pubsub/pep.ts";
import { pubsubService } from "./pubsub/service.ts";
import { push } from "./push/module.ts";
import { register } from "./register/module.ts";
import { reports } from "./reports/module.ts";
import { roster } from "./roster/module.ts";
import { bidi } from "./s2s/bidi.ts";
import { dialback } from "./s2s/dialback.ts";
import { s2s } from "./s2s/module.ts";
import { serverStreamManagement } from "./s2s/stream-management.ts";
import { anonymous } from "./sasl/anonymous.ts";
import { fast } from "./sasl/fast.ts";
import { sasl } from "./sasl/module.ts";
import { sasl2 } from "./sasl/sasl2.ts";
import { search } from "./search/module.ts";
import { session } from "./session.ts";
import { sharedGroups } from "./shared-groups/module.ts";
import { starttls } from "./starttls.ts";
import { streamLimits } from "./stream-limits.ts";
import { streamManagement } from "./stream-management/module.ts";
import { time } from "./time.ts";
import { upload } from "./upload/module.ts";
import { vcardConversion } from "./vcard-conversion/module.ts";
import { vcard } from "./vcard.ts";
import { version } from "./version.ts";

/** The modules that come with the server, in the order they start. */
export const modules: readonly ModuleDefinition[] = [
  starttls,
  sasl,
  sasl2,
  fast,
  anonymous,
  bind,
  bind2,
  session,
  register,
  streamManagement,
  clientAccess,
  clientState,
  streamLimits,
  diskGuard,
  disco,
  contactAddresses,
  adhoc,
  administration,
  announce,
  invites,
  roster,
  sharedGroups,
  blocking,
  reports,
  presence,
  message,
  archive,
  carbons,
  offline,
  ping,
  version,
  time,
  last,
  externalServices,
  pep,
  pubsubService,
  displayedSync,
  vcard,
  privateXml,
  avatarConversion,
  vcardConversion,
  search,
  bookmarkConversion,
  push,
  muc,
  upload,
  multicast,
  components,
  s2s,
  dialback,
  bidi,
  serverStreamManagement,
];
