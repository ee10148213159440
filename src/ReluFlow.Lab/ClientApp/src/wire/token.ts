const PLACE = "reluflow-token";

/** Takes an access token out of the address, where it must not stay, and keeps it for this page alone; says whether there was one. */
export function takeToken(): boolean {
  const given = /^#token=([0-9a-fA-F]{16,64})$/.exec(location.hash)?.[1];
  if (given) {
    sessionStorage.setItem(PLACE, given);
    history.replaceState(null, "", location.pathname);
  }

  return given !== undefined;
}

/** The access token that this page keeps, where it has one. */
export function keptToken(): string | undefined {
  return sessionStorage.getItem(PLACE) ?? undefined;
}
