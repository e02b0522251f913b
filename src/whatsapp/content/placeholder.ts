import type { MessageContent, MetaError } from "../../domain/message-content.ts";

/** Meta's code for "this type is not supported", of which `unsupported` says no more than its name does. */
const TYPE_NOT_SUPPORTED = 131051;

/** What stands in brackets where there are no words: Meta's name of the type, and what more is known. */
export function placeholderOf(content: MessageContent): string {
  switch (content.type) {
    case "audio":
      return content.voice ? "voice message" : "audio";
    case "templateButton":
      return "button";
    case "buttonReply":
      return "button reply";
    case "listReply":
      return "list reply";
    case "flowReply":
      return "flow reply";
    case "addressReply":
      return "address";
    case "callPermissionReply":
      return "call permission";
    case "reaction":
      return "reaction removed";
    case "revoke":
      return "deleted";
    case "requestWelcome":
      return "opened the chat";
    case "mediaPlaceholder":
      return "file not available";
    case "system":
      return content.event === "other" ? "system" : systemWords[content.event];
    case "interactive":
      return content.kind?.replaceAll("_", " ") ?? "interactive";
    case "unsupported":
      return explained("unsupported", content.name ?? reasonOf(content.errors));
    case "unknown":
    case "errors":
      return explained(content.type, reasonOf(content.errors));
    case "other":
      return content.name;
    default:
      return content.type;
  }
}

/** Where Meta has not said it in a sentence. */
const systemWords = {
  numberChanged: "changed their number",
  userIdChanged: "changed their user id",
  identityChanged: "security code changed",
};

function explained(type: string, reason: string | null): string {
  return reason ? `${type}: ${reason}` : type;
}

function reasonOf([error]: MetaError[]): string | null {
  if (!error || error.code === TYPE_NOT_SUPPORTED) return null;
  return error.detail ?? error.title;
}
