import { z } from "zod";
import { checkIds, checkStatuses } from "../domain/check.ts";

export const checkId = z.enum(checkIds);
export const checkStatus = z.enum(checkStatuses);

const fix = z
  .union([
    z.object({
      kind: z.literal("use_number"),
      wabaPhoneNumberId: z.string(),
      phoneNumber: z.string(),
      name: z.string(),
    }),
    z.object({ kind: z.enum(["swap_ids", "subscribe", "register", "request_code"]) }),
  ])
  .meta({ id: "CheckFix", description: "What a button may do about it." });

export const check = z.object({
  id: checkId,
  status: checkStatus,
  code: z.string().meta({ description: "What the check found; the texts say it in words." }),
  title: z.string(),
  why: z.string().nullable(),
  fix: z.string().nullable(),
  docs: z.string(),
  evidence: z.record(z.string(), z.string()).meta({ description: "Masked facts behind it." }),
  fixes: z.array(fix),
});

export const describedCheck = check.meta({ id: "Check" });
