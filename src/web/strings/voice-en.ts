export const voiceEn = {
  record: "Record a voice message",
  note: "Voice message",
  starting: "Waiting for the microphone…",
  recording: "Recording…",
  discard: "Discard the recording",
  listen: "Stop and listen",
  send: "Send the voice message",
  notAllowed: "The microphone is blocked. Allow it for this page in the browser's settings.",
  noMicrophone: "No microphone was found.",
  notUploaded: "The recording could not be sent. It is kept: try again.",
  failed: "The recording failed. Please record it again.",
};
