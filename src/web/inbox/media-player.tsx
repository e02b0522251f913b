import { useRef, useState } from "react";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./media-view.module.css";

const SPEEDS = [1, 1.5, 2];

type MediaPlayerProps = {
  kind: "audio" | "video";
  url: string | undefined;
  label: string;
  onError(): void;
};

/** A voice note, an audio file or a video, at the speed that the agent likes. */
export function MediaPlayer({ kind: Kind, url, label, onError }: MediaPlayerProps) {
  const { inbox } = useStrings();
  const player = useRef<HTMLVideoElement & HTMLAudioElement>(null);
  const [speed, setSpeed] = useState(1);
  const next = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1;
  return (
    <div className={Kind === "audio" ? styles.player : styles.film}>
      <Kind
        ref={player}
        className={Kind === "audio" ? styles.audio : styles.video}
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
          // Another address of the same file begins at the default.
          if (player.current) player.current.defaultPlaybackRate = player.current.playbackRate = next;
        }}
      >
        {speed}×
      </button>
    </div>
  );
}
