import type { ModuleDefinition } from "../core/module.ts";
import { adhoc } from "./adhoc/module.ts";
import { archive } from "./archive/module.ts";
import { bind } from "./bind.ts";
import { carbons } from "./carbons/module.ts";
import { blocking } from "./blocking/module.ts";
import { clientState } from "./csi/module.ts";
import { disco } from "./disco/module.ts";
import { last } from "./last.ts";
import { message } from "./message/module.ts";
import { offline } from "./offline/module.ts";
import { ping } from "./ping.ts";
import { presence } from "./presence/module.ts";
import { privateXml } from "./private.ts";
import { push } from "./push/module.ts";
import { register } from "./register/module.ts";
import { roster } from "./roster/module.ts";
import { sasl } from "./sasl/module.ts";
import { session } from "./session.ts";
import { starttls } from "./starttls.ts";
import { streamLimits } from "./stream-limits.ts";
import { streamManagement } from "./stream-management/module.ts";
import { time } from "./time.ts";
import { vcard } from "./vcard.ts";
import { version } from "./version.ts";

/** The modules that come with the server, in the order they start. */
export const modules: readonly ModuleDefinition[] = [
  starttls,
  sasl,
  bind,
  session,
  register,
  streamManagement,
  clientState,
  streamLimits,
  disco,
  adhoc,
  roster,
  blocking,
  presence,
  message,
  archive,
  carbons,
  offline,
  ping,
  version,
  time,
  last,
  vcard,
  privateXml,
  push,
];
