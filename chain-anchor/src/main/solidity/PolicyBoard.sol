// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// @title PolicyBoard
/// @notice The rules that every scheduler obeys, as one document per epoch: fee split, priorities, banned and isolated
/// workload classes, carbon weight, regions. The document travels whole in the event of its epoch, its SHA-256 stays
/// in state; receipts name both epoch and hash, so anybody can tell under which rules a job was decided.
///
///     epoch 3 in force ──publish(3, rules)──▶ epoch 4 pending ──notice──▶ epoch 4 in force
///
/// @dev A member must know new rules before they bind it, hence the notice. One epoch at most is pending.
contract PolicyBoard is AccessManaged {
    /// @param number Counts the epochs; 0 is the time before the first rules.
    /// @param ruleHash SHA-256 of the rules' canonical JSON (RFC 8785); zero in epoch 0.
    /// @param effectiveAt From when on the rules bind, in seconds since 1970.
    struct Epoch {
        uint64 number;
        uint48 effectiveAt;
        bytes32 ruleHash;
    }

    /// @notice `rules`, canonical JSON of SHA-256 `ruleHash`, bind from `effectiveAt` on.
    event RulesPublished(uint64 indexed number, bytes32 indexed ruleHash, uint48 effectiveAt, bytes rules);

    /// @notice From now on rules bind `noticeSeconds` after they are published.
    event NoticeChanged(uint32 noticeSeconds);

    /// @notice The latest epoch is `expected`; the caller spoke of `actual`.
    error StaleEpoch(uint64 expected, uint64 actual);

    /// @notice The rules of the latest epoch bind from `effectiveAt` on only; until then there are no others.
    error EpochPending(uint48 effectiveAt);

    /// @notice Rules have 1 to `maximum` bytes; these have `actual`.
    error RulesLength(uint256 maximum, uint256 actual);

    /// @notice A notice is at most `maximum` seconds; this one is `actual`.
    error NoticeTooLong(uint32 maximum, uint32 actual);

    /// @notice The longest document.
    uint256 public constant RULES_BYTES_MAX = 16_384;

    /// @notice The longest notice, so that no mistake takes the board away for ever.
    uint32 public constant NOTICE_SECONDS_MAX = 30 days;

    /// @notice How long after their publication rules bind.
    uint32 public noticeSeconds;

    Epoch private _latest;
    Epoch private _previous;

    /// @param authority The access manager that decides who may publish: the timelock of the governor.
    constructor(address authority, uint32 notice) AccessManaged(authority) {
        _setNotice(notice);
    }

    /// @notice Publishes the rules of the next epoch.
    /// @param fromNumber The latest epoch as the caller knows it. If the board disagrees the call is refused, so that
    /// of two proposals written against one epoch the second does not undo the first.
    /// @param rules Canonical JSON (RFC 8785). The board does not read it.
    function publish(uint64 fromNumber, bytes calldata rules) external restricted {
        if (fromNumber != _latest.number) revert StaleEpoch(_latest.number, fromNumber);
        if (block.timestamp < _latest.effectiveAt) revert EpochPending(_latest.effectiveAt);
        if (rules.length == 0 || rules.length > RULES_BYTES_MAX) revert RulesLength(RULES_BYTES_MAX, rules.length);

        _previous = _latest;
        _latest = Epoch(fromNumber + 1, uint48(block.timestamp + noticeSeconds), sha256(rules));
        emit RulesPublished(_latest.number, _latest.ruleHash, _latest.effectiveAt, rules);
    }

    /// @notice Changes the notice of rules to come.
    function setNotice(uint32 notice) external restricted {
        _setNotice(notice);
    }

    /// @return The epoch whose rules bind now.
    function inForce() external view returns (Epoch memory) {
        return block.timestamp < _latest.effectiveAt ? _previous : _latest;
    }

    /// @return The epoch published last, whether it binds already or not.
    function latest() external view returns (Epoch memory) {
        return _latest;
    }

    function _setNotice(uint32 notice) private {
        if (notice > NOTICE_SECONDS_MAX) revert NoticeTooLong(NOTICE_SECONDS_MAX, notice);
        noticeSeconds = notice;
        emit NoticeChanged(notice);
    }
}
