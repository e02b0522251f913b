import { z } from "zod";
import { deliveryStatuses } from "../domain/delivery-status.ts";
import { sendContentWith } from "../whatsapp/outbound/send-content.ts";
import { id } from "./contract.ts";

/** Where a message goes, beside what it says. */
const addressed = {
  organizationPhoneId: id,
  to: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: "A phone number with its country code, or a WhatsApp user id. Or else chatId." }),
  chatId: id.optional(),
  replyTo: id.optional().meta({ description: "The id of a message of this chat." }),
};

/** With Meta's limits, so that what Meta would refuse is refused here, and the field named. */
export const sendRequest = sendContentWith(addressed)
  .refine(({ to, chatId }) => (to === undefined) !== (chatId === undefined), {
    message: "Give either to or chatId.",
    path: ["to"],
  })
  .meta({ id: "SendRequest" });

export const sent = z
  .object({ id, chatId: id, wamid: z.string().nullable(), status: z.enum(deliveryStatuses) })
  .meta({ id: "Sent" });

/** RFC 8941 strings are quoted, and the draft standard wants one; most clients send the key bare. */
const idempotencyKey = z
  .string()
  .regex(/^(?:"[\x21\x23-\x7e]{8,255}"|[\x21\x23-\x7e]{8,255})$/, "8 to 255 visible ASCII characters")
  .transform((key) => key.replaceAll('"', ""));

export const sendHeaders = z.object({
  "idempotency-key": idempotencyKey.optional(),
  prefer: z.string().optional(),
});
