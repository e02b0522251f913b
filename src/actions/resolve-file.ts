import { fileOf } from "../db/media.ts";
import { invalidField } from "../errors.ts";
import { fits, toFittingName } from "../whatsapp/media-types.ts";
import type { SendContent } from "../whatsapp/outbound/send-content.ts";
import type { ActionContext } from "./context.ts";

/**
 * Puts Meta's id in the place of ours, where a message names a file that was uploaded here; gives which file. Throws
 * `invalid_request` when there is no such file of this number, or it is of another type than the message.
 */
export async function resolveFile(
  { agent, db }: ActionContext,
  organizationPhoneId: number,
  content: SendContent,
): Promise<{ content: SendContent; mediaId: number | null }> {
  const object: unknown = Reflect.get(content, content.type);
  if (typeof object !== "object" || object === null || !("mediaId" in object))
    return { content, mediaId: null };
  const { mediaId, ...rest } = object;
  const pointer = `/${content.type}/mediaId`;
  const file = typeof mediaId === "number" ? await fileOf(db, agent.organizationId, mediaId) : null;
  if (file?.fromMe && file.state === "expired") {
    throw invalidField(pointer, "The file of mediaId was removed. Upload it again.");
  }
  if (!file?.fromMe || file.organizationPhoneId !== organizationPhoneId || file.metaId === null) {
    throw invalidField(pointer, "mediaId must be a file that was uploaded for this number.");
  }
  if (!fits(content.type, file.mimeType ?? "")) {
    throw invalidField(pointer, `The file is ${file.mimeType}: send it as another type, or as a document.`);
  }
  const isUnnamed = content.type === "document" && !("filename" in rest);
  const filename = toFittingName(file.fileName, file.mimeType ?? "");
  const resolved = { ...rest, id: file.metaId, ...(isUnnamed && { filename }) };
  return { content: { ...content, [content.type]: resolved } as SendContent, mediaId: file.id };
}
