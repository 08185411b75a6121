/** The console's own line icons, 16 units wide, in the colour of the words beside them. Decorative: never alone. */

import type { ReactNode } from "react";

function icon(body: ReactNode) {
  return function Icon({ size = 16 }: { size?: number }) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        style={{ flex: "none" }}
      >
        {body}
      </svg>
    );
  };
}

export const MarkIcon = icon(
  <>
    <rect x="2.5" y="2.5" width="11" height="11" rx="2" />
    <rect x="6" y="6" width="4" height="4" rx="0.6" />
  </>,
);
export const BackIcon = icon(<path d="M10 3 5 8l5 5" />);
export const RetryIcon = icon(<path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.5V5h-2.5" />);
export const SunIcon = icon(
  <>
    <circle cx="8" cy="8" r="2.8" />
    <path d="M8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1" />
  </>,
);
export const MoonIcon = icon(<path d="M13 9.6A5.6 5.6 0 0 1 6.4 3a5.2 5.2 0 1 0 6.6 6.6Z" />);
export const KeysIcon = icon(
  <>
    <rect x="1.5" y="4" width="13" height="8" rx="1.4" />
    <path d="M4 6.6h.01M6.7 6.6h.01M9.3 6.6h.01M12 6.6h.01M5 9.6h6" />
  </>,
);
export const PersonIcon = icon(
  <>
    <circle cx="8" cy="5.4" r="2.9" />
    <path d="M2.8 13.8a5.2 5.2 0 0 1 10.4 0" />
  </>,
);
export const OutIcon = icon(<path d="M6.5 2.5h-3v11h3M10 5l3 3-3 3M13 8H6.5" />);
export const ImageIcon = icon(
  <>
    <rect x="2" y="3" width="12" height="10" rx="1.2" />
    <path d="m2.5 11.5 3.3-3.3 2.6 2.6 2-2 3 3" />
    <path d="M10.5 6h.01" />
  </>,
);
export const VoiceIcon = icon(<path d="M3 6.2v3.6M6.3 4v8M9.7 5.6v4.8M13 6.8v2.4" />);
export const BoxIcon = icon(<path d="m8 2 5.5 2.8v6.4L8 14l-5.5-2.8V4.8L8 2Zm0 0v0M2.7 5 8 7.6 13.3 5M8 7.6V14" />);
export const TagIcon = icon(<path d="M2.5 8.4V2.5h5.9l5.1 5.1-5.9 5.9-5.1-5.1ZM5.6 5.6h.01" />);
export const QuoteIcon = icon(<path d="M3 3.5h10M3 6.5h10M3 9.5h6M3 12.5h4" />);
export const FlagIcon = icon(<path d="M4 14V2.5h8L10.2 5.6 12 8.7H4" />);
export const AlertIcon = icon(<path d="M8 2 1.8 13h12.4L8 2Zm0 4.4v3M8 11.3h.01" />);
export const DownIcon = icon(<path d="m3.5 6 4.5 4.5L12.5 6" />);
export const CopyIcon = icon(
  <>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.2" />
    <path d="M10.5 3.5v-.2A.8.8 0 0 0 9.7 2.5H3.3a.8.8 0 0 0-.8.8v6.4c0 .4.4.8.8.8h.2" />
  </>,
);
export const PanelIcon = icon(
  <>
    <rect x="2" y="3" width="12" height="10" rx="1.2" />
    <path d="M9.8 3v10" />
  </>,
);
export const ScreenIcon = icon(<path d="M2 6V3h3M11 3h3v3M14 10v3h-3M5 13H2v-3" />);
