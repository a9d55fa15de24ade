package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Locale;
import xyz.openledger.chainanchor.receipts.Accusation;
import xyz.openledger.chainanchor.receipts.Equivocation;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;

/** The contract that takes stakes on evidence, after time for an appeal. */
public final class CourtContract {
  private static final String ACCUSE =
      "accuseOfContradiction(bytes16,(bytes,uint64,bytes32[],bytes32,uint32,bytes),"
          + "(bytes,uint64,uint64,bytes32[],bytes,uint64,uint64,bytes32[]))";

  private static final String EQUIVOCATED =
      "accuseOfEquivocation(bytes16,(bytes,uint64,bytes32[],bytes32,uint32,bytes),"
          + "(bytes,uint64,bytes32[],bytes32,uint32,bytes))";

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
    return Words.uint(call(Call.of("cases()")), 0).longValueExact();
  }

  /** The case with that number, from 0. */
  public Case read(long number) throws IOException {
    String data = call(Call.of("caseOf(uint256)").uint(number));
    return new Case(
        number,
        Words.address(data, 0),
        Words.uint(data, 1).longValueExact(),
        State.values()[Words.uint(data, 2).intValueExact()],
        Words.node(data, 3),
        Words.nanoOpen(Words.uint(data, 4)),
        Words.nanoOpen(Words.uint(data, 5)),
        Words.digest(data, 6));
  }

  /** The size of the log that accusations have to be proven at. */
  public long anchoredSize() throws IOException {
    Address log = Words.address(call(Call.of("log()")), 0);
    return chain.checkpoint(log, ChainClient.Tag.LATEST).size();
  }

  /** What an accuser must risk. */
  public long bondNanoOpen() throws IOException {
    return Words.nanoOpen(Words.uint(call(Call.of("terms()")), 0));
  }

  /** Brings a case; the bond is taken from the wallet, which allows the court just that. */
  public Brought accuse(Wallet accuser, Accusation accusation) throws IOException {
    return accuse(accuser, accusing(accusation));
  }

  /** The same of a node that signed two outcomes. */
  public Brought accuse(Wallet accuser, Equivocation equivocation) throws IOException {
    return accuse(
        accuser,
        Call.of(EQUIVOCATED)
            .bytes16(equivocation.node().bytes())
            .struct(said(equivocation.first()))
            .struct(said(equivocation.second())));
  }

  private Brought accuse(Wallet accuser, Call accusing) throws IOException {
    Address registry = Words.address(call(Call.of("registry()")), 0);
    Address token =
        Words.address(chain.call(registry, Call.of("token()"), ChainClient.Tag.LATEST), 0);
    BigInteger bond = Words.uint(call(Call.of("terms()")), 0);
    accuser.transact(token, Call.of("approve(address,uint256)").address(court).uint(bond));
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
    Accusation.Said said = accusation.said();
    Accusation.Accepted accepted = accusation.accepted();
    return Call.of(ACCUSE)
        .bytes16(accusation.node().bytes())
        .struct(said(said))
        .struct(
            Call.of("")
                .bytes(hex(accepted.receipt()))
                .uint(accepted.index())
                .uint(accepted.atSize())
                .bytes32s(accepted.proof())
                .bytes(hex(accepted.leaf()))
                .uint(accepted.leafIndex())
                .uint(accepted.leafCount())
                .bytes32s(accepted.leafProof()));
  }

  private static Call said(Accusation.Said said) {
    return Call.of("")
        .bytes(hex(said.leaf()))
        .uint(said.index())
        .bytes32s(said.proof())
        .bytes32(said.root())
        .uint(said.count())
        .bytes(hex(said.signature()));
  }

  /**
   * The owner of the accused asks for a judgement.
   *
   * @param statement SHA-256 of why, published elsewhere
   */
  public String appeal(Wallet owner, long number, Digest statement) throws IOException {
    return owner.transact(
        court, Call.of("appeal(uint256,bytes32)").uint(number).bytes32(statement));
  }

  /** Judges an appeal; the authority of the network alone may. */
  public String judge(Wallet judge, long number, boolean upheld) throws IOException {
    return judge.transact(court, Call.of("judge(uint256,bool)").uint(number).bool(upheld));
  }

  /** Closes a case that nobody appealed; anybody may. */
  public String execute(Wallet anybody, long number) throws IOException {
    return anybody.transact(court, Call.of("execute(uint256)").uint(number));
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text);
  }

  private String call(Call call) throws IOException {
    return chain.call(court, call, ChainClient.Tag.LATEST);
  }
}
