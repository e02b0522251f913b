import { z } from "zod";
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
