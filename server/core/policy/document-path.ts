export { documentPath } from "../../../lib/contracts/policy-path.ts";
