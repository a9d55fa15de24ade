package xyz.openledger.cluster.cli;

import picocli.CommandLine.Command;

@Command(
    name = "tee",
    description = "Judges evidence of trusted execution environments.",
    subcommands = {TeeCheckCommand.class, TeeSampleCommand.class},
    footer =
        "%nExample: openledger tee check quote.bin --platform tdx --root intel-root.pem"
            + " --measurement 00 --nonce"
            + " sha256:0000000000000000000000000000000000000000000000000000000000000000")
final class TeeCommand {}
