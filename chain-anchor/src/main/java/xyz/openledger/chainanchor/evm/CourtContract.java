package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import xyz.openledger.chainanchor.receipts.Accusation;
import xyz.openledger.chainanchor.receipts.Equivocation;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;

/** The contract that takes stakes on evidence, after time for an appeal. */
public final class CourtContract {
  private final ChainClient chain;
  private final Address court;

  /** That court. */
  public CourtContract(ChainClient chain, Address court) {
    this.chain = chain;
    this.court = court;
  }

  /** Where a case stands. */
  public enum State {
    NONE,
    OPEN,
    APPEALED,
    EXECUTED,
    OVERTURNED,
    LAPSED;

    /** In lower case, as people and programs read it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A case.
   *
   * @param closesAtSeconds until when the owner may appeal, in seconds since 1970
   * @param bondNanoOpen what the accuser risks
   * @param penaltyNanoOpen what the node loses at the most
   * @param evidence SHA-256 of the two statements
   */
  public record Case(
      long number,
      Address accuser,
      long closesAtSeconds,
      State state,
      NodeId node,
      long bondNanoOpen,
      long penaltyNanoOpen,
      Digest evidence) {}

  /** What a brought case left. */
  public record Brought(long number, String transaction) {}

  /** How many cases there were. */
  public long cases() throws IOException {
    return chain.ask(court, DisputeCourtAbi.cases()).longValueExact();
  }

  /** The case with that number, from 0. */
  public Case read(long number) throws IOException {
    DisputeCourtAbi.Case found =
        chain.ask(court, DisputeCourtAbi.caseOf(BigInteger.valueOf(number)));
    return new Case(
        number,
        found.accuser(),
        found.closesAt(),
        State.values()[Math.toIntExact(found.state())],
        NodeId.wrap(found.node()),
        Words.nanoOpen(found.bond()),
        Words.nanoOpen(found.penalty()),
        found.evidence());
  }

  /** The cases against a node, the latest first, and {@code max} at the most. */
  public List<Case> against(NodeId node, long fromBlock, int max) throws IOException {
    String topic = "0x" + HexFormat.of().formatHex(Arrays.copyOf(node.bytes(), Digest.BYTES));
    List<ChainClient.Log> accusations =
        chain.logs(
            court,
            Arrays.asList(DisputeCourtAbi.Accused.TOPIC, null, topic),
            fromBlock,
            ChainClient.Tag.LATEST.word());
    var cases = new ArrayList<Case>();
    for (ChainClient.Log log : accusations.reversed()) {
      if (cases.size() < max) {
        cases.add(read(DisputeCourtAbi.Accused.of(log).number().longValueExact()));
      }
    }
    return List.copyOf(cases);
  }

  /** The size of the log that accusations have to be proven at. */
  public long anchoredSize() throws IOException {
    return chain.checkpoint(chain.ask(court, DisputeCourtAbi.log()), ChainClient.Tag.LATEST).size();
  }

  /** What an accuser must risk. */
  public long bondNanoOpen() throws IOException {
    return Words.nanoOpen(chain.ask(court, DisputeCourtAbi.terms()).bond());
  }

  /** Brings a case; the bond is taken from the wallet, which allows the court just that. */
  public Brought accuse(Wallet accuser, Accusation accusation) throws IOException {
    return accuse(accuser, accusing(accusation));
  }

  /** The same of a node that signed two outcomes. */
  public Brought accuse(Wallet accuser, Equivocation equivocation) throws IOException {
    return accuse(
        accuser,
        DisputeCourtAbi.accuseOfEquivocation(
            equivocation.node().bytes(), said(equivocation.first()), said(equivocation.second())));
  }

  private Brought accuse(Wallet accuser, Call accusing) throws IOException {
    Address registry = chain.ask(court, DisputeCourtAbi.registry());
    Address token = chain.ask(registry, NodeRegistryAbi.token());
    BigInteger bond = chain.ask(court, DisputeCourtAbi.terms()).bond();
    accuser.transact(token, OpenTokenAbi.approve(court, bond));
    String transaction = accuser.transact(court, accusing);
    // Others may bring cases too: the accuser's last is this one.
    for (long number = cases() - 1; number >= 0; number--) {
      if (read(number).accuser().equals(accuser.address())) {
        return new Brought(number, transaction);
      }
    }
    throw new IOException("transaction " + transaction + " left no case");
  }

  /** The data of the same call, for a wallet of one's choice. */
  public static String calldata(Accusation accusation) {
    return accusing(accusation).data();
  }

  private static Call accusing(Accusation accusation) {
    Accusation.Accepted accepted = accusation.accepted();
    return DisputeCourtAbi.accuseOfContradiction(
        accusation.node().bytes(),
        said(accusation.said()),
        new DisputeCourtAbi.AcceptedStatement(
            hex(accepted.receipt()),
            accepted.index(),
            accepted.atSize(),
            accepted.proof(),
            hex(accepted.leaf()),
            accepted.leafIndex(),
            accepted.leafCount(),
            accepted.leafProof()));
  }

  static DisputeCourtAbi.SignedStatement said(Accusation.Said said) {
    return new DisputeCourtAbi.SignedStatement(
        hex(said.leaf()),
        said.index(),
        said.proof(),
        said.root(),
        said.count(),
        hex(said.signature()));
  }

  /**
   * The owner of the accused asks for a judgement.
   *
   * @param statement SHA-256 of why, published elsewhere
   */
  public String appeal(Wallet owner, long number, Digest statement) throws IOException {
    return owner.transact(court, DisputeCourtAbi.appeal(BigInteger.valueOf(number), statement));
  }

  /** Judges an appeal; the authority of the network alone may. */
  public String judge(Wallet judge, long number, boolean upheld) throws IOException {
    return judge.transact(court, DisputeCourtAbi.judge(BigInteger.valueOf(number), upheld));
  }

  /** Closes an appeal that nobody judged within the judge's time; anybody may. */
  public String lapse(Wallet anybody, long number) throws IOException {
    return anybody.transact(court, DisputeCourtAbi.lapse(BigInteger.valueOf(number)));
  }

  /** Closes a case that nobody appealed; anybody may. */
  public String execute(Wallet anybody, long number) throws IOException {
    return anybody.transact(court, DisputeCourtAbi.execute(BigInteger.valueOf(number)));
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text);
  }
}
