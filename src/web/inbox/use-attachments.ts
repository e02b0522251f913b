import { useRef, useState } from "react";
import type { Chat } from "../../domain/chat.ts";
import { attachmentTypeOf, exceededLimit } from "../models/attachment.ts";
import { formatBytes } from "../models/format.ts";
import { useServices } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import { useInbox } from "./inbox-context.tsx";

export type Attachments = {
  files: readonly File[];
  isBusy: boolean;
  problem: string | null;
  /** Refuses what WhatsApp would refuse, before anything is uploaded. */
  add(files: File[]): void;
  remove(file: File): void;
  /** Uploads the files and sends each as a message of its own, in their order; the caption goes with the first. False when one failed or was removed. */
  send(caption: string, more: object): Promise<boolean>;
};

export function useAttachments(chat: Chat): Attachments {
  const { api } = useServices();
  const { outbox } = useInbox();
  const { language, strings } = useLanguage();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const upload = useRef<AbortController | null>(null);
  const { id, organizationPhoneId } = chat;

  const uploaded = async (file: File, signal: AbortSignal) => {
    const query = new URLSearchParams({
      organizationPhoneId: String(organizationPhoneId),
      fileName: file.name,
    });
    const headers = { "content-type": file.type || "application/octet-stream" };
    const made = await api.request<{ id: number }>(`/media?${query}`, {
      method: "POST",
      body: file,
      headers,
      signal,
    });
    return made.id;
  };

  return {
    files,
    isBusy,
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
      upload.current?.abort();
      setFiles(files.filter((other) => other !== file));
    },
    async send(caption, more) {
      const controller = new AbortController();
      upload.current = controller;
      setBusy(true);
      setProblem(null);
      try {
        for (const [i, file] of files.entries()) {
          const type = attachmentTypeOf(file.type);
          const mediaId = await uploaded(file, controller.signal);
          const words = i === 0 && caption !== "" && type !== "audio" ? { caption } : {};
          const named = type === "document" ? { filename: file.name } : {};
          const content = { organizationPhoneId, type, [type]: { mediaId, ...words, ...named } };
          outbox.send(id, { ...content, ...(i === 0 && more) }, words.caption ?? file.name);
          setFiles((left) => left.filter((other) => other !== file));
          if (i === 0 && type === "audio" && caption !== "")
            outbox.send(id, { organizationPhoneId, type: "text", message: caption }, caption);
        }
        return true;
      } catch (error) {
        const name = files[0]?.name ?? "";
        const why = error instanceof Error && !controller.signal.aborted ? ` ${error.message}` : "";
        if (!controller.signal.aborted) setProblem(strings.composer.uploadFailed(name) + why);
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
