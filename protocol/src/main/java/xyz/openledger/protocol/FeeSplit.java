package xyz.openledger.protocol;

import xyz.openledger.protocol.json.ZeroIfAbsent;

/**
 * Who gets how much of every price, in basis points: what these four leave goes to the owners of
 * the nodes that did the work.
 *
 * @param platformBasisPoints for running the network
 * @param modelBasisPoints for who made the model
 * @param stakersBasisPoints for who put up stakes
 * @param dataBasisPoints for whose data it was
 */
public record FeeSplit(
    @ZeroIfAbsent int platformBasisPoints,
    @ZeroIfAbsent int modelBasisPoints,
    @ZeroIfAbsent int stakersBasisPoints,
    @ZeroIfAbsent int dataBasisPoints) {
  /** The whole. */
  public static final int WHOLE = 10_000;

  /** The nodes' owners get all. */
  public static final FeeSplit NONE = new FeeSplit(0, 0, 0, 0);

  /** Checks the ranges. */
  public FeeSplit {
    Check.range("platformBasisPoints", platformBasisPoints, 0, WHOLE);
    Check.range("modelBasisPoints", modelBasisPoints, 0, WHOLE);
    Check.range("stakersBasisPoints", stakersBasisPoints, 0, WHOLE);
    Check.range("dataBasisPoints", dataBasisPoints, 0, WHOLE);
    Check.range(
        "the sum of the split",
        platformBasisPoints + modelBasisPoints + stakersBasisPoints + dataBasisPoints,
        0,
        WHOLE);
  }

  /** What is left to the nodes' owners. */
  public int nodesBasisPoints() {
    return WHOLE - platformBasisPoints - modelBasisPoints - stakersBasisPoints - dataBasisPoints;
  }
}
