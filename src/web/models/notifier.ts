import type { Chat } from "../../domain/chat.ts";
import type { BrowserStore } from "./browser-store.ts";
import { HIDE_TEXT, isOn, NOTIFICATIONS, SOUND } from "./preferences.ts";

const SPEAKER_LOCK = "waba.speaker";
const FRONT_LOCK = "waba.front.";
const BEEP_S = 0.16;

/** What an agent is alerted to: a customer's message, or a note that mentions them. */
export type Alert = "message" | "mention";

/** What a notification says. */
export type Announcement = { chatId: number; title: string; text: string };

export type NotifierOptions = {
  store: BrowserStore;
  /** How what is new in a chat is announced; with `isHidden` without names and texts. */
  describe(chat: Chat, alert: Alert, isHidden: boolean): Announcement;
  onOpen(chatId: number): void;
};

/**
 * Alerts the agent to a customer's message, and to a note that mentions them: a sound, and a notification of the system where it is
 * allowed. Of the browser's tabs only the one that holds a lock speaks; the browser gives it to the next one when that tab is gone. A chat that is in front in any tab is not announced:
 * such a tab holds a lock with the chat's name.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #end = new AbortController();
  #isSpeaker = false;
  #leaveFront: (() => void) | null = null;
  #audio: AudioContext | null = null;

  constructor(options: NotifierOptions) {
    this.#options = options;
    const { signal } = this.#end;
    void hold(SPEAKER_LOCK, { signal }, () => {
      this.#isSpeaker = true;
    });
  }

  close(): void {
    this.#isSpeaker = false;
    this.#leaveFront?.();
    this.#end.abort();
    void this.#audio?.close();
  }

  /** The chat that the agent has before them in this tab; null when there is none, or the tab is hidden. */
  setFront(chatId: number | null): void {
    this.#leaveFront?.();
    this.#leaveFront = null;
    if (chatId === null) return;
    const left = new AbortController();
    void hold(FRONT_LOCK + chatId, { signal: left.signal, mode: "shared" }, () => undefined);
    this.#leaveFront = () => left.abort();
  }

  async announce(chat: Chat, alert: Alert): Promise<void> {
    if (!this.#isSpeaker || (await isHeld(FRONT_LOCK + chat.id)) || this.#end.signal.aborted) return;
    const { store, describe, onOpen } = this.#options;
    if (isOn(store, SOUND)) this.#beep();
    if (!isOn(store, NOTIFICATIONS) || Notification.permission !== "granted") return;
    const { chatId, title, text } = describe(chat, alert, isOn(store, HIDE_TEXT));
    try {
      // The tag replaces the chat's notification from before.
      const notification = new Notification(title, { body: text, tag: String(chatId), icon: "/icon.svg" });
      notification.addEventListener("click", () => {
        window.focus();
        notification.close();
        onOpen(chatId);
      });
    } catch {
      // Chrome on Android has notifications for service workers alone.
    }
  }

  #beep(): void {
    // Before the first click or key a browser refuses sound, and says so in the console.
    if (!navigator.userActivation.hasBeenActive) return;
    this.#audio ??= new AudioContext();
    const { currentTime, destination } = this.#audio;
    const tone = new OscillatorNode(this.#audio, { frequency: 660 });
    const volume = new GainNode(this.#audio, { gain: 0.08 });
    volume.gain.exponentialRampToValueAtTime(0.001, currentTime + BEEP_S);
    tone.connect(volume).connect(destination);
    tone.start();
    tone.stop(currentTime + BEEP_S);
  }
}

/** Holds a lock of the browser, once it is free, until `signal` aborts. `onHeld` is called then. */
async function hold(name: string, options: LockOptions & { signal: AbortSignal }, onHeld: () => void) {
  const { signal } = options;
  await navigator.locks
    .request(name, options, async () => {
      onHeld();
      await new Promise<void>((release) => {
        if (signal.aborted) release();
        signal.addEventListener("abort", () => release());
      });
    })
    // It ended before the lock was free.
    .catch(() => undefined);
}

async function isHeld(name: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some((lock) => lock.name === name);
}
