package xyz.openledger.protocol.api;

import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.json.DecimalText;

/**
 * Sends money back.
 *
 * @param to an address that deposited
 */
public record WithdrawalRequest(@DecimalText long amountNanoOpen, Address to) {
  /** Checks that there is something to send. */
  public WithdrawalRequest {
    Check.range("amountNanoOpen", amountNanoOpen, 1, Long.MAX_VALUE);
    Check.present("to", to);
  }
}
