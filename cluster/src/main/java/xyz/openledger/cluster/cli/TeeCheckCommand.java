package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.verification.tee.Attestation;
import xyz.openledger.verification.tee.AttestationTerms;
import xyz.openledger.verification.tee.AttestationVerdict;
import xyz.openledger.verification.tee.TrustRoot;

@Command(
    name = "check",
    description =
        "Checks a report of AMD SEV-SNP or a quote of Intel TDX against a root that you name.",
    footer = {
      "",
      "Nothing is fetched. The root is AMD's or Intel's certificate as you got it from them; a root"
          + " marked SIMULATED",
      "gives the verdict 'simulated' at best. What the vendors publish about outdated versions is"
          + " not looked at:",
      "say the least versions by --version-min.",
      "",
      "Example: openledger tee check report.bin --platform sev-snp --chain vcek.pem --root ark.pem"
          + " --measurement 00 --nonce"
          + " sha256:0000000000000000000000000000000000000000000000000000000000000000"
    })
final class TeeCheckCommand implements Callable<Integer> {
  @Mixin Output output;

  @Parameters(paramLabel = "FILE", description = "the report or quote, as bytes")
  Path file = Path.of("");

  @Option(
      names = "--platform",
      required = true,
      paramLabel = "NAME",
      description = "sev-snp or tdx")
  String platform = "";

  @Option(
      names = "--root",
      required = true,
      paramLabel = "FILE",
      description = "the vendor's root certificate, PEM or DER")
  Path root = Path.of("");

  @Option(
      names = "--chain",
      paramLabel = "FILE",
      description =
          "sev-snp: the chip's certificate and AMD's intermediate one, PEM, in this order")
  @Nullable Path chain;

  @Option(
      names = "--measurement",
      required = true,
      paramLabel = "HEX",
      description = "a program that may run there; may be repeated")
  List<String> measurements = List.of();

  @Option(
      names = "--nonce",
      required = true,
      paramLabel = "DIGEST",
      description = "what the evidence must carry: sha256: and 64 hex digits")
  String nonce = "";

  @Option(
      names = "--version-min",
      split = ",",
      paramLabel = "N",
      description = "the least security versions, in the platform's order, such as 3,0,8,115")
  List<Integer> versions = List.of();

  @Option(
      names = "--revoked",
      paramLabel = "SERIAL",
      description = "a revoked certificate's serial number in hex; may be repeated")
  List<String> revoked = List.of();

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "judge as of then, such as 2026-01-15T12:00:00Z (default: now)")
  @Nullable Instant at;

  TeeCheckCommand(Shell shell) {
    this.output = new Output(shell);
  }

  /** What programs read: attested, simulated or refused. */
  record Answer(
      String verdict,
      @Nullable String platform,
      @Nullable String measurement,
      @Nullable String check,
      @Nullable String reason) {}

  @Override
  public Integer call() throws IOException {
    Answer answer = answer(judge());
    output.print(answer, () -> text(answer));
    return answer.verdict().equals("refused") ? ExitCode.FALSE : ExitCode.OK;
  }

  private AttestationVerdict judge() throws IOException {
    Shell shell = output.shell();
    byte[] evidence = ZkFiles.read(shell, file, "FILE");
    var trusted = TrustRoot.of(certificate(root, ZkFiles.read(shell, root, "--root")));
    var terms =
        new AttestationTerms(
            lowerCase(measurements),
            versions,
            digest(),
            lowerCase(revoked),
            at == null ? Instant.now() : at);
    return switch (platform) {
      case "tdx" -> Attestation.ofTdx(evidence, trusted, terms);
      case "sev-snp" -> {
        if (chain == null) {
          throw CommandFailure.usage("a report comes without its certificates", "--chain", "");
        }
        yield Attestation.ofSnp(evidence, ZkFiles.read(shell, chain, "--chain"), trusted, terms);
      }
      default -> throw CommandFailure.usage("there is sev-snp and tdx", "--platform", "");
    };
  }

  private Digest digest() {
    try {
      return Digest.parse(nonce);
    } catch (ProblemException malformed) {
      throw CommandFailure.usage(malformed.detail(), "--nonce", "");
    }
  }

  private static Set<String> lowerCase(List<String> words) {
    return words.stream().map(word -> word.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  private static X509Certificate certificate(Path file, byte[] encoded) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(encoded));
    } catch (CertificateException malformed) {
      throw CommandFailure.usage(
          file + " holds no X.509 certificate in PEM or DER",
          "--root",
          "openssl x509 -noout -subject -in " + file + "   (must print the vendor's name)");
    }
  }

  private static Answer answer(AttestationVerdict verdict) {
    return switch (verdict) {
      case AttestationVerdict.Attested(var platform, var measurement) ->
          new Answer("attested", platform, measurement, null, null);
      case AttestationVerdict.Simulated(var platform, var measurement) ->
          new Answer("simulated", platform, measurement, null, null);
      case AttestationVerdict.Refused(var check, var reason) ->
          new Answer("refused", null, null, check, reason);
    };
  }

  private static String text(Answer answer) {
    return switch (answer.verdict()) {
      case "refused" ->
          Table.fields(
              List.of(
                  field("verdict", "REFUSED"),
                  field("check", "" + answer.check()),
                  field("reason", "" + answer.reason())));
      default ->
          Table.fields(
              List.of(
                  field(
                      "verdict",
                      answer.verdict().equals("simulated")
                          ? "SIMULATED: the root is made up, no hardware stands behind it"
                          : "attested under the root that you named"),
                  field("platform", "" + answer.platform()),
                  field("measurement", "" + answer.measurement())));
    };
  }
}
