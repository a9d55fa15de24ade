package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import xyz.openledger.chainanchor.evm.CourtContract;
import xyz.openledger.chainanchor.evm.RpcException;
import xyz.openledger.chainanchor.evm.Wallet;
import xyz.openledger.chainanchor.receipts.Accusation;
import xyz.openledger.chainanchor.receipts.Equivocation;
import xyz.openledger.protocol.Digest;

/** What the verbs about the court do on a chain; apart, so that no other loads its libraries. */
record CourtChain(URI rpc, String contract) {
  /** A case as programs read it. */
  record Filed(
      long number,
      String state,
      String node,
      String accuser,
      long penaltyNanoOpen,
      long bondNanoOpen,
      long closesAtSeconds,
      String evidence,
      String transaction) {}

  /** Something that is done to the court. */
  @FunctionalInterface
  private interface Deed {
    String in(CourtContract court) throws IOException;
  }

  /** Brings an {@link Accusation} or an {@link Equivocation}. */
  Filed submit(Path keyFile, Object accusation) throws IOException {
    Wallet wallet = chain().wallet(keyFile);
    var number = new long[1];
    String transaction =
        done(
            court -> {
              CourtContract.Brought brought =
                  accusation instanceof Equivocation twice
                      ? court.accuse(wallet, twice)
                      : court.accuse(wallet, (Accusation) accusation);
              number[0] = brought.number();
              return brought.transaction();
            });
    return filed(number[0], transaction);
  }

  Filed show(long number) {
    return filed(number, "");
  }

  Filed appeal(Path keyFile, long number, String reason) throws IOException {
    Wallet wallet = chain().wallet(keyFile);
    Digest statement = Digest.of(reason.getBytes(StandardCharsets.UTF_8));
    return filed(number, done(court -> court.appeal(wallet, number, statement)));
  }

  Filed execute(Path keyFile, long number) throws IOException {
    Wallet wallet = chain().wallet(keyFile);
    return filed(number, done(court -> court.execute(wallet, number)));
  }

  Filed judge(Path keyFile, long number, boolean upheld) throws IOException {
    Wallet wallet = chain().wallet(keyFile);
    return filed(number, done(court -> court.judge(wallet, number, upheld)));
  }

  Filed lapse(Path keyFile, long number) throws IOException {
    Wallet wallet = chain().wallet(keyFile);
    return filed(number, done(court -> court.lapse(wallet, number)));
  }

  private String done(Deed deed) {
    try {
      return deed.in(court());
    } catch (RpcException refused) {
      throw CommandFailure.failed(CourtRefusals.words(String.valueOf(refused.getMessage())), "");
    } catch (IOException away) {
      throw ChainStart.unreachable(away);
    }
  }

  private Filed filed(long number, String transaction) {
    if (number < 0) {
      throw CommandFailure.usage("cases count from 0, got " + number, "N", "");
    }
    try {
      if (number >= court().cases()) {
        throw CommandFailure.failed("there is no case " + number, "");
      }
      CourtContract.Case found = court().read(number);
      return new Filed(
          number,
          found.state().word(),
          found.node().value(),
          found.accuser().value(),
          found.penaltyNanoOpen(),
          found.bondNanoOpen(),
          found.closesAtSeconds(),
          found.evidence().toString(),
          transaction);
    } catch (IllegalArgumentException foreign) {
      throw CommandFailure.failed("there is no court at " + contract + " on this chain", "");
    } catch (IOException away) {
      throw ChainStart.unreachable(away);
    }
  }

  private CourtContract court() {
    return new CourtContract(
        chain().client(), Objects.requireNonNull(ZkFiles.address(contract, "--contract")));
  }

  private KeyedChain chain() {
    return new KeyedChain(rpc);
  }
}
