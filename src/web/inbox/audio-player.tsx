import { useRef, useState } from "react";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./media-view.module.css";

const SPEEDS = [1, 1.5, 2];

type AudioPlayerProps = { url: string | undefined; label: string; onError(): void };

/** A voice note or an audio file, at the speed that the listener likes. */
export function AudioPlayer({ url, label, onError }: AudioPlayerProps) {
  const { inbox } = useStrings();
  const player = useRef<HTMLAudioElement>(null);
  const [speed, setSpeed] = useState(1);
  const next = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1;
  return (
    <div className={styles.player}>
      {/* biome-ignore lint/a11y/useMediaCaption: customers send no captions. */}
      <audio
        ref={player}
        className={styles.audio}
        src={url}
        controls
        preload="metadata"
        onError={onError}
        aria-label={label}
      />
      <button
        type="button"
        className={styles.speed}
        aria-label={inbox.playbackSpeed(speed)}
        onClick={() => {
          setSpeed(next);
          if (player.current) player.current.playbackRate = next;
        }}
      >
        {speed}×
      </button>
    </div>
  );
}
