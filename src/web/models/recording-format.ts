/** How a browser records. `isVoice`: the customer gets a voice note rather than an audio file. `isOgg`: no repackaging is needed. */
export type RecordingFormat = { mimeType: string; isVoice: boolean; isOgg: boolean };

/**
 * The best for WhatsApp first: a voice note is Ogg with Opus, https://developers.facebook.com/docs/whatsapp/cloud-api/messages/audio-messages.
 * Firefox records that, Chromium the same Opus in WebM, and older Safari only AAC in MP4. Without its codec `audio/mp4` says
 * nothing: Chromium then records Opus in MP4, which WhatsApp does not play.
 */
const FORMATS: readonly RecordingFormat[] = [
  { mimeType: "audio/ogg;codecs=opus", isVoice: true, isOgg: true },
  { mimeType: "audio/webm;codecs=opus", isVoice: true, isOgg: false },
  { mimeType: "audio/mp4;codecs=mp4a.40.2", isVoice: false, isOgg: false },
];

/** The format to record in; null when the browser can record nothing that WhatsApp takes. */
export function recordingFormat(isSupported: (mimeType: string) => boolean): RecordingFormat | null {
  return FORMATS.find(({ mimeType }) => isSupported(mimeType)) ?? null;
}
