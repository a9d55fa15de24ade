package xyz.openledger.cluster.bench;

import java.util.Random;

/**
 * Orders around a middle of 10,000, drawn from a seed: a tenth of them cross it, a quarter is for
 * once only. {@code benchmarks/exchange-core/ExchangeCorePeer.java} draws the same ones.
 */
record OrderStream(boolean[] bid, int[] price, int[] user, int[] units, boolean[] once) {
  static final int USERS = 100;

  static OrderStream of(int orders, long seed) {
    // Not SplittableRandom: the peer's program draws from this one, call for call.
    var random = new Random(seed);
    var stream =
        new OrderStream(
            new boolean[orders],
            new int[orders],
            new int[orders],
            new int[orders],
            new boolean[orders]);
    for (int i = 0; i < orders; i++) {
      boolean bid = random.nextBoolean();
      int away = random.nextInt(40) - (random.nextInt(10) == 0 ? 45 : 0);
      stream.bid[i] = bid;
      stream.price[i] = 10_000 + (bid ? -away : away);
      stream.user[i] = random.nextInt(USERS);
      stream.units[i] = 1 + random.nextInt(5);
      stream.once[i] = random.nextInt(4) == 0;
    }
    return stream;
  }

  int size() {
    return bid.length;
  }
}
