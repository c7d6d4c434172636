import { z } from "zod";

/** Where an S3-compatible store is, and as whom it is used. */
export const S3Settings = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/ })
    .max(1024)
    .describe("Its URL, such as `https://s3.eu-central-1.amazonaws.com`."),
  region: z.string().min(1).max(64).default("us-east-1").describe("Region that requests are signed for."),
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "expected the name of a bucket")
    .describe("Bucket; it has to be there, and nobody but this server should read it."),
  prefix: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9/_.-]*$/, "expected letters, digits, slashes and -_.")
    .default("")
    .describe("What the names of objects begin with."),
  access_key_id: z.string().min(1).max(256).describe("Access key."),
  secret_access_key: z.string().min(1).max(1024).meta({ secret: true }).describe("Its secret; kept sealed."),
  path_style: z
    .boolean()
    .default(true)
    .describe(
      "The bucket is part of the path, as most stores beside Amazon's want it; false: part of the host's name.",
    ),
});
export type S3Settings = z.infer<typeof S3Settings>;
