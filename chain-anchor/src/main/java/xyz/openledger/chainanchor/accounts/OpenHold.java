package xyz.openledger.chainanchor.accounts;

/** Money set aside for a job that is not over. */
public record OpenHold(String jobId, String tenant, long amountNanoOpen, Origin origin) {
  LedgerEvent.Held event() {
    return new LedgerEvent.Held(jobId, tenant, amountNanoOpen, origin.source(), origin.number());
  }
}
