import { createContext, type ReactNode, useMemo, useState } from "react";
import type { Message } from "../../domain/message.ts";
import { Late, LatePart } from "../parts/late.tsx";
import { useStrings } from "../parts/strings-context.tsx";

const photoViewer = new LatePart(() => import("./photo-viewer.tsx"));

/** A picture of the thread that can be seen: the message's id, and that of its file. */
export type Photo = { messageId: number; mediaId: number; title: string };

/** Opens the picture of a message over the page. */
export const OpenPhotoContext = createContext<(messageId: number) => void>(() => undefined);

/** Around a thread: its pictures open over the page, and lead to one another. */
export function Photos({ messages, children }: { messages: readonly Message[]; children: ReactNode }) {
  const strings = useStrings();
  const [openId, setOpenId] = useState<number | null>(null);
  const photos = useMemo(() => photosOf(messages, strings.inbox.photo), [messages, strings]);
  const index = photos.findIndex(({ messageId }) => messageId === openId);
  return (
    <OpenPhotoContext value={setOpenId}>
      {children}
      {index >= 0 && (
        <Late
          part={photoViewer}
          photos={photos}
          index={index}
          onShow={(next) => setOpenId(photos[next]?.messageId ?? null)}
          onClose={() => setOpenId(null)}
        />
      )}
    </OpenPhotoContext>
  );
}

function photosOf(messages: readonly Message[], kind: string): Photo[] {
  return messages.flatMap(({ id, media, content, revokedAt }) =>
    content?.type === "image" && media?.state === "stored" && revokedAt === null
      ? [{ messageId: id, mediaId: media.id, title: content.caption ?? kind }]
      : [],
  );
}
