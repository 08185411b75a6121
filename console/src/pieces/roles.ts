/** What a person's roles open on the screen. The server decides; this only hides what it would refuse. */

const LEADS = new Set(["team_lead", "vendor_manager", "merchant_owner"]);

export function isLead(roles: readonly string[]): boolean {
  return roles.some((role) => LEADS.has(role));
}
