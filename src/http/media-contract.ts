import { z } from "zod";
import { id, idInPath, moment } from "./contract.ts";

export const mediaParams = z.object({ id: idInPath.meta({ description: "The file's id." }) });

export const uploadQuery = z.strictObject({
  organizationPhoneId: idInPath,
  fileName: z
    .string()
    .min(1)
    .max(240)
    .refine((name) => name.isWellFormed() && !name.includes("\0"), "This name cannot be stored.")
    .optional(),
});

/** The three parts of a signed address. */
export const readQuery = z.object({
  organization: z.string().optional(),
  until: z.string().optional(),
  signature: z.string().optional(),
});

export const uploaded = z
  .object({ id, mimeType: z.string(), fileName: z.string().nullable(), sizeBytes: z.int() })
  .meta({ id: "Uploaded" });

export const address = z.object({ url: z.url(), expiresAt: moment }).meta({ id: "MediaAddress" });
