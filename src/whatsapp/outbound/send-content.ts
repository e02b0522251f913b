import { z } from "zod";
import { bounded } from "./bounded.ts";
import { unionError } from "./checks.ts";
import { contactCards } from "./contact-cards.ts";
import { interactive } from "./interactive.ts";
import { location } from "./location.ts";
import { ownAudio, ownDocument, ownImage, ownSticker, ownVideo } from "./media.ts";
import { reaction } from "./reaction.ts";
import { template } from "./template.ts";
import { textMessage } from "./text.ts";

const sendTypes = [
  "text",
  "image",
  "video",
  "audio",
  "document",
  "sticker",
  "location",
  "contacts",
  "reaction",
  "interactive",
  "template",
] as const;

/**
 * What may be sent, by `type`: a text is `message`, with `previewUrl` for a preview of its first link; every other type
 * is Meta's own object under the type's name, within Meta's limits. `more` are fields that stand beside it.
 */
export function sendContentWith<More extends z.ZodRawShape>(more: More) {
  const previewUrl = z.boolean({ error: "previewUrl must be true or false." }).optional();
  const type = <const Type extends (typeof sendTypes)[number]>(name: Type) => z.literal(name);
  return z.discriminatedUnion(
    "type",
    [
      z.strictObject({ ...more, type: type("text"), message: textMessage, previewUrl }),
      z.strictObject({ ...more, type: type("image"), image: bounded(ownImage) }),
      z.strictObject({ ...more, type: type("video"), video: bounded(ownVideo) }),
      z.strictObject({ ...more, type: type("audio"), audio: bounded(ownAudio) }),
      z.strictObject({ ...more, type: type("document"), document: bounded(ownDocument) }),
      z.strictObject({ ...more, type: type("sticker"), sticker: bounded(ownSticker) }),
      z.strictObject({ ...more, type: type("location"), location: bounded(location) }),
      z.strictObject({ ...more, type: type("contacts"), contacts: bounded(contactCards) }),
      z.strictObject({ ...more, type: type("reaction"), reaction: bounded(reaction) }),
      z.strictObject({ ...more, type: type("interactive"), interactive: bounded(interactive) }),
      z.strictObject({ ...more, type: type("template"), template: bounded(template) }),
    ],
    unionError("type", sendTypes),
  );
}

export const sendContent = sendContentWith({});
export type SendContent = z.infer<typeof sendContent>;

/** Meta's message object of it: its `type`, and what belongs to it under that name. */
export function payloadOf(content: SendContent): { type: string; [key: string]: unknown } {
  if (content.type !== "text") return { ...content };
  const { message, previewUrl } = content;
  return {
    type: "text",
    text: { body: message, ...(previewUrl !== undefined && { preview_url: previewUrl }) },
  };
}

/** Whether Meta takes it only within 24 hours of the customer's last message: all but templates. */
export function needsServiceWindow(type: string): boolean {
  return type !== "template";
}
