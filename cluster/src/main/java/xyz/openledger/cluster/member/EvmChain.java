package xyz.openledger.cluster.member;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import xyz.openledger.actors.anchor.Chain;
import xyz.openledger.chainanchor.evm.ChainMovements;
import xyz.openledger.chainanchor.evm.OutboxHands;
import xyz.openledger.chainanchor.outbox.Action;
import xyz.openledger.chainanchor.outbox.Observation;

/** The anchorer's chain: any EVM node by JSON-RPC. */
record EvmChain(OutboxHands hands, ChainMovements movements) implements Chain {
  @Override
  public List<Observation> poll() throws IOException {
    return hands.poll();
  }

  @Override
  public Optional<Observation> carryOut(Action action) throws IOException {
    return Optional.of(hands.carryOut(action));
  }

  @Override
  public Movements movements(long fromBlock) throws IOException {
    var found = movements.read(fromBlock);
    return new Movements(found.commands(), found.throughBlock());
  }
}
