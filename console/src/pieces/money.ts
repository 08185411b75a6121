/** Money travels as integer fen and is shown as yuan; no arithmetic on the way. */
export function yuan(fen: number): string {
  const sign = fen < 0 ? "-" : "";
  const whole = Math.abs(Math.trunc(fen));
  const yuans = Math.floor(whole / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `${sign}¥${yuans}.${String(whole % 100).padStart(2, "0")}`;
}
