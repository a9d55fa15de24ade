package xyz.openledger.chainanchor.evm;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;

/**
 * In which form OPEN is on a chain.
 *
 * @param isCoin whether it is the chain's own coin, in which deposits may come and go; else a token
 * @param wrapped the token that stands for the coin there, made like WETH9; absent to make one
 */
public record Currency(boolean isCoin, @Nullable Address wrapped) {
  /** A token of our own. */
  public static final Currency TOKEN = new Currency(false, null);

  /** The chain's own coin, with a token of our own that wraps it. */
  public static final Currency COIN = new Currency(true, null);
}
