/** What a person's roles open on the screen. The server decides; this only hides what it would refuse. */

const LEADS = new Set(["team_lead", "vendor_manager", "merchant_owner"]);

/** Who sees what is stuck, and says who sits behind the platform's accounts. */
export function isKeeper(roles: readonly string[]): boolean {
  return isLead(roles) || roles.includes("administrator");
}

export function isLead(roles: readonly string[]): boolean {
  return roles.some((role) => LEADS.has(role));
}
