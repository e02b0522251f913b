import { describe, it } from "vitest";
import {
  fits,
  isShownInline,
  mediaTypeOf,
  toFittingName,
  toMetaType,
} from "../../src/whatsapp/media-types.ts";

describe("the name of a file that is sent", () => {
  it.for([
    [null, "image/jpeg", "file.jpg"],
    ["", "application/pdf", "file.pdf"],
    ["photo", "image/png", "photo.png"],
    ["photo.jpg", "image/png", "photo.jpg.png"],
    ["photo.JPEG", "image/jpeg", "photo.JPEG"],
    ["report.v2", "application/pdf", "report.v2.pdf"],
    ["blob", "audio/ogg; codecs=opus", "blob.ogg"],
    ["note.opus", "audio/ogg", "note.opus"],
    ["song.m4a", "audio/x-m4a", "song.m4a"],
    ["song", "audio/mp4", "song.m4a"],
    ["clip", "video/mp4", "clip.mp4"],
    [".pdf", "application/pdf", ".pdf"],
    ["anything", "application/x-new", "anything"],
    [null, "constructor", "file"],
  ] as const)("%s of type %s is %s", ([name, type, fitting], { expect }) => {
    expect(toFittingName(name, type)).toBe(fitting);
  });
});

describe("a file's type", () => {
  it.for([
    ["audio/x-m4a", "audio/mp4", "audio"],
    ["Audio/M4A", "audio/mp4", "audio"],
    ["audio/mp3", "audio/mpeg", "audio"],
    ["image/jpg", "image/jpeg", "image"],
    ["audio/ogg; codecs=opus", "audio/ogg; codecs=opus", "audio"],
    ["image/webp", "image/webp", "sticker"],
  ] as const)("%s is %s to Meta", ([type, metas, kind], { expect }) => {
    expect(toMetaType(type)).toBe(metas);
    expect(mediaTypeOf(type)?.kind).toBe(kind);
    expect([fits(kind, type), fits("document", type), isShownInline(type)]).toEqual([true, true, true]);
  });

  it("that Meta does not take is none", ({ expect }) => {
    for (const type of ["image/svg+xml", "text/html", "constructor", ""]) {
      expect([mediaTypeOf(type), toMetaType(type), isShownInline(type)]).toEqual([null, type, false]);
    }
  });
});
