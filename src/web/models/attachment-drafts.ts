/** The files that go out with a chat's next message. */
export type AttachmentDraft = {
  files: readonly File[];
  /** The file that is being uploaded, and which share of it has gone out; null at rest. */
  upload: { file: File; share: number } | null;
  /** Why the last file was refused or not sent, in words. */
  problem: string | null;
};

const NONE: AttachmentDraft = { files: [], upload: null, problem: null };

/** What was attached in each chat and not sent yet, by the chat's id: kept while the page is open, and uploaded in any chat. */
export class AttachmentDrafts {
  readonly #drafts = new Map<number, AttachmentDraft>();
  readonly #listeners = new Set<() => void>();
  readonly #uploads = new WeakMap<File, AbortController>();

  of(chatId: number): AttachmentDraft {
    return this.#drafts.get(chatId) ?? NONE;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  change(chatId: number, change: Partial<AttachmentDraft>): void {
    const draft = { ...this.of(chatId), ...change };
    if (draft.files.length > 0 || draft.upload || draft.problem) this.#drafts.set(chatId, draft);
    else this.#drafts.delete(chatId);
    for (const listener of this.#listeners) listener();
  }

  /** Its signal says that the file was removed since. */
  beginUpload(file: File): AbortSignal {
    const controller = new AbortController();
    this.#uploads.set(file, controller);
    return controller.signal;
  }

  /** Also while it is being uploaded, or waits for it. */
  remove(chatId: number, file: File): void {
    this.#uploads.get(file)?.abort();
    this.change(chatId, { files: this.of(chatId).files.filter((other) => other !== file) });
  }
}
