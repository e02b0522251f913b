import { useSyncExternalStore } from "react";
import type { Chat } from "../../domain/chat.ts";
import { ApiError } from "../models/api.ts";
import { attachmentTypeOf, exceededLimit } from "../models/attachment.ts";
import type { AttachmentDraft } from "../models/attachment-drafts.ts";
import { formatBytes } from "../models/format.ts";
import { uploadFile } from "../models/upload.ts";
import { useServices } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import { useInbox } from "./inbox-context.tsx";

export type Attachments = AttachmentDraft & {
  /** Refuses what WhatsApp would refuse, before anything is uploaded. */
  add(files: File[]): void;
  /** Also while it is being uploaded: then it is not sent. */
  remove(file: File): void;
  /**
   * Uploads the files and sends each as a message of its own, in their order; the caption goes with the first. Stops at one that fails.
   * False when none was sent. Goes on while another chat is open.
   */
  send(caption: string, more: object): Promise<boolean>;
};

/** `onChanged`: the agent has added or removed a file, whose control may be gone. */
export function useAttachments(chat: Chat, onChanged: () => void): Attachments {
  const { api } = useServices();
  const { outbox, attachmentDrafts: drafts } = useInbox();
  const { language, strings } = useLanguage();
  const refusalOf = useRefusalText();
  const { id, organizationPhoneId } = chat;
  const draft = useSyncExternalStore(drafts.subscribe, () => drafts.of(id));

  /** Its id; null when it was removed meanwhile. Throws when it failed. */
  const uploaded = async (file: File, signal: AbortSignal): Promise<number | null> => {
    if (signal.aborted) return null;
    const onProgress = (share: number) => drafts.change(id, { upload: { file, share } });
    onProgress(0);
    try {
      return (await uploadFile(api, file, { organizationPhoneId, signal, onProgress })).id;
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  };
  /** An upload may be repeated, whatever became of it: the server's advice is about calls that may not. */
  const whyOf = (error: unknown): string => {
    if (error instanceof ApiError && error.problem?.code === "unavailable")
      return strings.composer.uploadAgain;
    return refusalOf(error);
  };

  return {
    ...draft,
    add(added) {
      const refusals = added.flatMap((file) => {
        const limit = exceededLimit(file);
        return limit === null ? [] : strings.composer.tooLarge(file.name, formatBytes(limit, language));
      });
      drafts.change(id, {
        problem: refusals.join(" ") || null,
        files: [...drafts.of(id).files, ...added.filter((file) => exceededLimit(file) === null)],
      });
      onChanged();
    },
    remove(file) {
      drafts.remove(id, file);
      onChanged();
    },
    async send(caption, more) {
      drafts.change(id, { problem: null });
      const queue = drafts.of(id).files.map((file) => ({ file, signal: drafts.beginUpload(file) }));
      let sent = 0;
      for (const { file, signal } of queue) {
        try {
          const mediaId = await uploaded(file, signal);
          if (mediaId === null) continue;
          const isFirst = sent++ === 0;
          const type = attachmentTypeOf(file.type);
          const words = isFirst && caption !== "" && type !== "audio" ? { caption } : {};
          const named = type === "document" ? { filename: file.name } : {};
          const content = { organizationPhoneId, type, [type]: { mediaId, ...words, ...named } };
          outbox.send(id, { ...content, ...(isFirst && more) }, words.caption ?? file.name);
          if (isFirst && type === "audio" && caption !== "")
            outbox.send(id, { organizationPhoneId, type: "text", message: caption }, caption);
          drafts.remove(id, file);
        } catch (error) {
          drafts.change(id, { problem: `${strings.composer.uploadFailed(file.name)} ${whyOf(error)}` });
          break;
        }
      }
      drafts.change(id, { upload: null });
      return sent > 0;
    },
  };
}
