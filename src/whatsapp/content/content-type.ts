import type { ContentByType, ContentOf, MessageContent } from "../../domain/message-content.ts";
import type { JsonObject } from "../json-text.ts";

export type ParseContext = {
  /** Meta's message object. */
  item: JsonObject;
  /** What it has under its type's name, if that is no object: the content of `contacts` is a list. */
  raw: unknown;
  /** Parses a message within this one. Null for a message that is itself within another: no more than one level is read. */
  parseNested: ((message: unknown) => MessageContent) | null;
};

export type ContentType<Content> = {
  /** The parsers, by Meta's `type`. Empty where the content is part of another type, or comes from another webhook field. */
  parsers: Record<string, (content: JsonObject, context: ParseContext) => ContentByType>;
  /** What a person reads; null or blank where there is no text. `toBody` is for a message within this one. */
  toText(content: Content, toBody: (message: MessageContent) => string): string | null;
  /** Shown in brackets where there is no text; without it, the name of the type is. */
  toPlaceholder?(content: Content): string;
  /** Whether a customer who sends this opens the customer service window. */
  opensServiceWindow(content: Content): boolean;
};

export type ContentTypes<Type extends MessageContent["type"]> = {
  [One in Type]: ContentType<ContentOf<One>>;
};

/** For `opensServiceWindow`: what a customer writes does, unless Meta says otherwise. */
export const always = () => true;
export const never = () => false;
