/** The widget's looks, inside its own shadow: no rule of the shop's page reaches in, none of these reaches out. */

export const STYLE = `
:host { all: initial; --canvas: #f4f6f7; --surface: #fff; --line: #e2e6e9; --strong: #c3cbd0; --text: #182026;
  --soft: #4a565f; --accent: #1f5f6b; --accent-text: #1a5a66; --on: #fff; --mine: #dcebee; --warn: #8a5a00;
  --warn-soft: #fbf0d9; --bad: #b3261e; --shadow: 0 8px 32px rgb(0 0 0 / 18%); color-scheme: light dark;
  font: 14px/1.55 system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif; }
@media (prefers-color-scheme: dark) { :host { --canvas: #12171a; --surface: #191f23; --line: #2a3339;
  --strong: #46535b; --text: #e4e9ec; --soft: #b1bcc3; --accent: #2b7a89; --accent-text: #79c2cf; --mine: #1f3b43;
  --warn: #e0b054; --warn-soft: #392e17; --bad: #f28b82; --shadow: 0 8px 32px rgb(0 0 0 / 60%); } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
button, textarea { font: inherit; color: inherit; margin: 0; }
button { cursor: pointer; border: 0; background: none; }
:focus-visible { outline: 2px solid var(--accent-text); outline-offset: 2px; }
.launch { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; display: flex; align-items: center;
  gap: 8px; min-height: 48px; padding: 0 18px; border-radius: 24px; background: var(--accent); color: var(--on);
  box-shadow: var(--shadow); }
.launch svg { width: 20px; height: 20px; }
.badge { min-width: 20px; padding: 0 6px; border-radius: 10px; background: #b3261e; color: #fff; font-size: 12px;
  line-height: 20px; text-align: center; }
.panel { position: fixed; right: 20px; bottom: 20px; z-index: 2147483001; display: flex; flex-direction: column;
  width: 370px; height: min(600px, calc(100dvh - 40px)); overflow: hidden; border: 1px solid var(--line);
  border-radius: 12px; background: var(--surface); color: var(--text); box-shadow: var(--shadow); }
header { display: flex; align-items: center; gap: 8px; padding: 10px 8px 10px 16px;
  border-bottom: 1px solid var(--line); }
h2 { flex: 1; margin: 0; overflow: hidden; font-size: 15px; font-weight: 600; text-overflow: ellipsis;
  white-space: nowrap; }
.person { min-height: 32px; padding: 0 12px; border: 1px solid var(--strong); border-radius: 16px;
  color: var(--accent-text); font-size: 13px; }
.close { width: 36px; height: 36px; border-radius: 8px; font-size: 20px; line-height: 1; color: var(--soft); }
.close:hover, .person:hover { background: var(--canvas); }
.status { display: flex; align-items: center; gap: 8px; padding: 6px 16px; background: var(--warn-soft);
  color: var(--warn); font-size: 13px; }
.status span { flex: 1; }
.status button, .mark button { padding: 0; color: var(--accent-text); text-decoration: underline; }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; margin: 0; padding: 12px 16px; list-style: none;
  background: var(--canvas); }
.log li { display: flex; flex-direction: column; align-items: flex-start; margin: 0 0 12px; }
.log li.mine { align-items: flex-end; }
.who { margin-bottom: 2px; color: var(--soft); font-size: 12px; }
.said { max-width: 85%; padding: 8px 12px; border: 1px solid var(--line); border-radius: 4px 12px 12px 12px;
  background: var(--surface); white-space: pre-wrap; overflow-wrap: anywhere; }
.mine .said { border-color: transparent; border-radius: 12px 4px 12px 12px; background: var(--mine); }
.unsent .said { border: 1px dashed var(--strong); }
.mark { margin-top: 2px; color: var(--soft); font-size: 12px; }
.failed .mark { color: var(--bad); }
form { display: flex; gap: 8px; align-items: flex-end; padding: 10px 12px; border-top: 1px solid var(--line); }
textarea { flex: 1; min-height: 40px; max-height: 120px; padding: 8px 10px; border: 1px solid var(--strong);
  border-radius: 8px; background: var(--surface); resize: none; }
textarea::placeholder { color: var(--soft); opacity: 1; }
.send { min-height: 40px; padding: 0 16px; border-radius: 8px; background: var(--accent); color: var(--on); }
.send:disabled { opacity: .5; cursor: default; }
.hint { padding: 0 12px 8px; color: var(--bad); font-size: 12px; }
@media (max-width: 480px) { .panel { inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; }
  textarea { font-size: 16px; } .launch { right: 14px; bottom: 14px; } .close { width: 44px; height: 44px; } }
@media (prefers-reduced-motion: no-preference) { .launch, .send, .person { transition: filter .12s; }
  .launch:hover, .send:hover:enabled { filter: brightness(1.08); } }
`;
