import { useRef, useState } from "react";
import type { Chat } from "../../domain/chat.ts";
import { ApiError } from "../models/api.ts";
import { attachmentTypeOf, exceededLimit } from "../models/attachment.ts";
import { formatBytes } from "../models/format.ts";
import { uploadFile } from "../models/upload.ts";
import { useServices } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import { useInbox } from "./inbox-context.tsx";

export type Attachments = {
  files: readonly File[];
  /** The file that is being uploaded, and which share of it has gone out; null at rest. */
  upload: { file: File; share: number } | null;
  problem: string | null;
  /** Refuses what WhatsApp would refuse, before anything is uploaded. */
  add(files: File[]): void;
  /** Also while it is being uploaded: then it is not sent. */
  remove(file: File): void;
  /** Uploads the files and sends each as a message of its own, in their order; the caption goes with the first. Stops at one that fails. False when none was sent. */
  send(caption: string, more: object): Promise<boolean>;
};

export function useAttachments(chat: Chat): Attachments {
  const { api } = useServices();
  const { outbox } = useInbox();
  const { language, strings } = useLanguage();
  const refusalOf = useRefusalText();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [upload, setUpload] = useState<Attachments["upload"]>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const controllers = useRef(new Map<File, AbortController>());
  const { id, organizationPhoneId } = chat;

  /** Its id; null when it was removed meanwhile. Throws when it failed. */
  const uploaded = async (file: File): Promise<number | null> => {
    const signal = controllers.current.get(file)?.signal;
    if (!signal || signal.aborted) return null;
    const onProgress = (share: number) => setUpload({ file, share });
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
  const without = (file: File) => setFiles((left) => left.filter((other) => other !== file));

  return {
    files,
    upload,
    problem,
    add(added) {
      const tooLarge = added.find((file) => exceededLimit(file) !== null);
      const limit = tooLarge ? exceededLimit(tooLarge) : null;
      setProblem(
        tooLarge && limit ? strings.composer.tooLarge(tooLarge.name, formatBytes(limit, language)) : null,
      );
      setFiles([...files, ...added.filter((file) => exceededLimit(file) === null)]);
    },
    remove(file) {
      controllers.current.get(file)?.abort();
      without(file);
    },
    async send(caption, more) {
      setProblem(null);
      for (const file of files) controllers.current.set(file, new AbortController());
      let sent = 0;
      for (const file of files) {
        try {
          const mediaId = await uploaded(file);
          if (mediaId === null) continue;
          const isFirst = sent++ === 0;
          const type = attachmentTypeOf(file.type);
          const words = isFirst && caption !== "" && type !== "audio" ? { caption } : {};
          const named = type === "document" ? { filename: file.name } : {};
          const content = { organizationPhoneId, type, [type]: { mediaId, ...words, ...named } };
          outbox.send(id, { ...content, ...(isFirst && more) }, words.caption ?? file.name);
          if (isFirst && type === "audio" && caption !== "")
            outbox.send(id, { organizationPhoneId, type: "text", message: caption }, caption);
          without(file);
        } catch (error) {
          setProblem(`${strings.composer.uploadFailed(file.name)} ${whyOf(error)}`);
          break;
        }
      }
      controllers.current.clear();
      setUpload(null);
      return sent > 0;
    },
  };
}
