import { z } from "zod";
import { CAPTION_LENGTH } from "../limits.ts";
import { atMost, httpUrl, metaObject, nonEmpty } from "./checks.ts";

const EITHER = { error: "Give either id or link, not both.", path: ["link"] };
const NEITHER = { error: "Give an id or a link.", path: ["id"] };
const caption = atMost(CAPTION_LENGTH, "A caption").optional();

/** Media that was uploaded to Meta, by `id`, or that Meta fetches, by `link`: exactly one of the two. */
function media<Shape extends z.ZodRawShape>(what: string, more: Shape) {
  const place = { id: nonEmpty("An id of media").optional(), link: httpUrl("https", "A link").optional() };
  return metaObject({ ...place, ...more }, what)
    .refine(({ id, link }) => id === undefined || link === undefined, EITHER)
    .refine(({ id, link }) => id !== undefined || link !== undefined, NEITHER);
}

/** The same as a message of its own: there `mediaId`, a file that was uploaded here, may stand instead. */
function ownMedia<Shape extends z.ZodRawShape>(what: string, more: Shape) {
  const place = { id: nonEmpty("An id of media").optional(), link: httpUrl("https", "A link").optional() };
  const mediaId = z
    .int({ error: "mediaId must be the id of a file that was uploaded." })
    .min(1)
    .max(2_147_483_647)
    .optional();
  return metaObject({ ...place, mediaId, ...more }, what)
    .refine(({ id, link }) => id === undefined || link === undefined, EITHER)
    .refine(({ id, link, mediaId }) => mediaId === undefined || (id === undefined && link === undefined), {
      error: "Give mediaId alone, without id and link.",
      path: ["mediaId"],
    })
    .refine(({ id, link, mediaId }) => [id, link, mediaId].some((given) => given !== undefined), NEITHER);
}

/** `voice` makes it a voice note; Meta wants Ogg with Opus for it. */
const voice = z.boolean({ error: "voice must be true or false." }).optional();
/** With an empty one the customer would see none. */
const filename = nonEmpty("A file name").optional();

export const image = media("An image", { caption }).meta({ id: "ImageFile" });
export const video = media("A video", { caption }).meta({ id: "VideoFile" });
export const documentFile = media("A document", { caption, filename }).meta({ id: "DocumentFile" });

export const ownImage = ownMedia("An image", { caption });
export const ownVideo = ownMedia("A video", { caption });
export const ownAudio = ownMedia("An audio", { voice });
export const ownSticker = ownMedia("A sticker", {});
export const ownDocument = ownMedia("A document", { caption, filename });
