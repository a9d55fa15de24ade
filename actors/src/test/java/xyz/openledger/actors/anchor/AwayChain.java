package xyz.openledger.actors.anchor;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import xyz.openledger.chainanchor.outbox.Action;
import xyz.openledger.chainanchor.outbox.Observation;

/** A chain that is away, where what is under test is said by journal or outbox. */
final class AwayChain implements Chain {
  static final Chain AWAY = new AwayChain();

  private AwayChain() {}

  @Override
  public List<Observation> poll() throws IOException {
    throw new IOException("away");
  }

  @Override
  public Optional<Observation> carryOut(Action action) throws IOException {
    throw new IOException("away");
  }

  @Override
  public Movements movements(long fromBlock) throws IOException {
    throw new IOException("away");
  }
}
