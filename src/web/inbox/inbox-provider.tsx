import { lazy, type ReactNode, Suspense, useState } from "react";
import { FailureBoundary } from "../parts/failure-boundary.tsx";
import { WaitingContext } from "../parts/use-title.ts";
import { Shell } from "../shell.tsx";
import { type Inbox, InboxContext } from "./inbox-context.tsx";

const InboxHost = lazy(() => import("./inbox-host.tsx"));

/** Around all that a signed-in agent sees, in the frame of the main navigation: wherever they are, messages are sent, news is announced and the title counts what waits. */
export function InboxProvider({ children }: { children: ReactNode }) {
  const [inbox, setInbox] = useState<Inbox | null>(null);
  const [waiting, setWaiting] = useState(0);
  return (
    <InboxContext value={inbox}>
      <WaitingContext value={waiting}>
        <FailureBoundary>
          <Shell
            foot={
              <Suspense>
                <InboxHost onInbox={setInbox} onWaiting={setWaiting} />
              </Suspense>
            }
          >
            {children}
          </Shell>
        </FailureBoundary>
      </WaitingContext>
    </InboxContext>
  );
}
