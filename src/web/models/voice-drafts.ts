import type { VoiceNote } from "./voice-recording.ts";

/** Voice notes that were recorded in a chat and not sent yet, by the chat's id: kept while the page is open. */
export class VoiceDrafts {
  readonly #notes = new Map<number, Promise<VoiceNote>>();

  /** `note` may still be in the making. One that comes to nothing is forgotten. */
  keep(chatId: number, note: Promise<VoiceNote>): void {
    this.#notes.set(chatId, note);
    void note.catch(() => this.#notes.get(chatId) === note && this.#notes.delete(chatId));
  }

  has(chatId: number): boolean {
    return this.#notes.has(chatId);
  }

  /** Gives what a chat has, which then is the caller's to keep again; null for none. */
  take(chatId: number): Promise<VoiceNote> | null {
    const note = this.#notes.get(chatId) ?? null;
    this.#notes.delete(chatId);
    return note;
  }
}
