/** What a person's roles open on the screen. The server decides; this only hides what it would refuse. */

const LEADS = new Set(["team_lead", "vendor_manager", "merchant_owner"]);

/** Who sees what is stuck, and says who sits behind the platform's accounts. */
export function isKeeper(roles: readonly string[]): boolean {
  return isLead(roles) || roles.includes("administrator");
}

/** Who has a desk of their own to take a conversation to. */
export function hasDesk(roles: readonly string[]): boolean {
  return roles.includes("agent") || roles.includes("team_lead");
}

export function isLead(roles: readonly string[]): boolean {
  return roles.some((role) => LEADS.has(role));
}
