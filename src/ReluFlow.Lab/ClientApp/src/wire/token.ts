const PLACE = "reluflow-token";

/** Takes an access token out of the address, where it must not stay, and keeps it for this page alone. */
export function takeToken(): string | undefined {
  const given = /^#token=([0-9a-fA-F]{16,64})$/.exec(location.hash)?.[1];
  if (given) {
    sessionStorage.setItem(PLACE, given);
    history.replaceState(null, "", location.pathname);
  }

  return sessionStorage.getItem(PLACE) ?? undefined;
}
