"""Every rule of Figure 2, and every claim of §5.1 to §5.6 and §8, with the tests that show it.

A rule is named by its place in the figure, a claim by its section and what it says in short. A test
is named as `file::Class::test`, files by the short names in FILES.
"""

from __future__ import annotations

FILES = {
    "paper": "tests/raft/test_paper.py",
    "figure 2": "tests/evidence/test_figure_2.py",
    "elections": "tests/evidence/test_section_5_elections.py",
    "replication": "tests/evidence/test_section_5_replication.py",
    "clients": "tests/evidence/test_section_8.py",
    "figure 7": "tests/evidence/test_figure_7.py",
    "figure 8": "tests/evidence/test_figure_8.py",
}

FIGURE_2: dict[str, list[str]] = {
    "State: currentTerm, votedFor and log start empty": [
        "figure 2::TestState::test_persistent_state_starts_empty",
    ],
    "State: persistent state is on disk before responding to RPCs": [
        "paper::TestPersistence::test_what_a_message_promises_is_durable_before_it_leaves",
        "paper::TestPersistence::test_a_leader_makes_its_own_entry_durable_before_replicating_it",
        "paper::TestPersistence::test_a_restart_keeps_term_vote_and_log_and_loses_the_rest",
    ],
    "State: commitIndex and lastApplied start at 0 and increase": [
        "figure 2::TestState::test_volatile_state_starts_at_0",
        "paper::TestFollower::test_commit_index_never_falls",
    ],
    "State: nextIndex starts at last log index + 1, matchIndex at 0": [
        "paper::TestLeader::test_state_next_index_starts_behind_the_log_and_match_index_at_0",
        "figure 2::TestState::test_leaders_state_is_reinitialized_after_each_election",
    ],
    "RequestVote arguments": [
        "figure 2::TestArguments::test_request_vote_tells_term_candidate_and_the_logs_end",
    ],
    "RequestVote results": [
        "figure 2::TestArguments::test_results_tell_the_receivers_term_for_the_sender_to_update_itself",
    ],
    "RequestVote receiver 1": [
        "paper::TestAllServers::test_a_stale_term_is_rejected",
        "figure 2::TestReceivers::test_request_vote_1_reply_false_if_term_is_older",
    ],
    "RequestVote receiver 2": [
        "paper::TestElection::test_receiver_2_votes_only_for_a_log_at_least_as_up_to_date",
        "paper::TestElection::test_receiver_2_one_vote_a_term_first_come_first_served",
        "paper::TestElection::test_a_repeated_request_gets_the_same_vote",
        "paper::TestElection::test_a_candidate_and_a_leader_do_not_vote_for_another_of_their_term",
    ],
    "AppendEntries arguments": [
        "figure 2::TestArguments::test_append_entries_tells_term_leader_previous_entry_and_commit_index",
    ],
    "AppendEntries results": [
        "figure 2::TestArguments::test_results_tell_the_receivers_term_for_the_sender_to_update_itself",
    ],
    "AppendEntries receiver 1": [
        "paper::TestAllServers::test_a_stale_term_is_rejected",
        "figure 2::TestReceivers::test_append_entries_1_reply_false_if_term_is_older",
    ],
    "AppendEntries receiver 2": [
        "paper::TestFollower::test_receiver_2_refuses_where_the_previous_entry_does_not_match",
        "paper::TestFollower::test_receiver_2_a_heartbeat_passes_the_same_check",
    ],
    "AppendEntries receiver 3": [
        "paper::TestFollower::test_receivers_3_and_4_delete_conflicts_append_what_is_new",
    ],
    "AppendEntries receiver 4": [
        "paper::TestFollower::test_receivers_3_and_4_delete_conflicts_append_what_is_new",
    ],
    "AppendEntries receiver 5": [
        "paper::TestFollower::test_receiver_5_commit_index_is_the_lesser_of_the_two",
    ],
    "All Servers 1": [
        "paper::TestAllServers::test_committed_entries_are_applied_in_order",
        "figure 2::TestAllServers::test_1_apply_whatever_commit_index_covers",
    ],
    "All Servers 2": [
        "paper::TestAllServers::test_a_higher_term_makes_any_server_a_follower_of_it",
        "paper::TestAllServers::test_a_new_term_clears_the_vote",
        "figure 2::TestAllServers::test_2_a_newer_term_comes_before_the_messages_own_rule",
    ],
    "Followers 1": [
        "figure 2::TestFollowers::test_1_respond_to_rpcs_from_candidates_and_leaders",
    ],
    "Followers 2": [
        "figure 2::TestFollowers::test_2_without_append_entries_or_granting_a_vote_convert_to_candidate",
        "figure 2::TestFollowers::test_2_what_puts_the_election_off",
        "figure 2::TestFollowers::test_2_a_refused_candidate_does_not_put_the_election_off",
        "paper::TestFollower::test_followers_2_a_valid_append_entries_resets_the_election_timer",
    ],
    "Candidates 1": ["paper::TestElection::test_candidates_1_on_conversion_start_election"],
    "Candidates 2": [
        "paper::TestElection::test_candidates_2_a_majority_makes_a_leader_and_not_one_vote_less",
        "paper::TestElection::test_the_same_vote_twice_is_one_vote",
    ],
    "Candidates 3": [
        "paper::TestElection::test_candidates_3_append_entries_from_new_leader_convert_to_follower",
    ],
    "Candidates 4": [
        "paper::TestElection::test_candidates_4_election_timeout_elapses_start_new_election",
    ],
    "Leaders 1": [
        "paper::TestLeader::test_leaders_1_heartbeats_upon_election_and_when_idle",
        "figure 2::TestLeaders::test_1_heartbeats_upon_election_and_during_idle_periods",
    ],
    "Leaders 2": ["paper::TestLeader::test_leaders_2_append_and_respond_after_applying"],
    "Leaders 3": [
        "paper::TestLeader::test_leaders_3_send_entries_from_next_index",
        "paper::TestLeader::test_leaders_3_a_failed_check_moves_next_index_back_by_one_and_retries",
        "paper::TestLeader::test_a_late_refusal_and_a_late_success_change_nothing",
    ],
    "Leaders 4": [
        "paper::TestLeader::test_leaders_4_a_majority_commits",
        "paper::TestLeader::test_leaders_4_an_older_terms_entry_is_not_committed_by_counting",
        "figure 2::TestLeaders::test_4_the_highest_index_of_its_term_on_a_majority_is_committed",
    ],
}

SECTIONS: dict[str, dict[str, list[str]]] = {
    "§5.1": {
        "normally there is one leader, and all others follow": [
            "elections::TestBasics::test_normally_there_is_one_leader_and_all_others_follow",
        ],
        "followers are passive": ["elections::TestBasics::test_followers_are_passive"],
        "a follower redirects clients to the leader": [
            "elections::TestBasics::test_a_follower_redirects_the_client_to_the_leader",
        ],
        "terms are consecutive integers, each begins with an election": [
            "elections::TestBasics::test_terms_are_consecutive_integers_and_begin_with_an_election",
        ],
        "a split vote ends a term without a leader, a new term begins": [
            "elections::TestBasics::test_a_split_vote_ends_a_term_without_a_leader_and_a_new_term_begins",
        ],
        "there is at most one leader in a given term": [
            "elections::TestBasics::test_at_most_one_leader_in_a_term",
        ],
        "the current term increases monotonically": [
            "elections::TestBasics::test_the_current_term_increases_monotonically",
        ],
        "the larger term wins whenever servers communicate": [
            "elections::TestBasics::test_the_larger_term_wins_whenever_servers_communicate",
        ],
        "a candidate or leader out of date reverts to follower": [
            "elections::TestBasics::test_a_candidate_or_leader_out_of_date_reverts_to_follower_at_once",
        ],
        "a request with a stale term is rejected": [
            "elections::TestBasics::test_a_request_with_a_stale_term_is_rejected",
        ],
        "RPCs that got no answer are retried": [
            "elections::TestBasics::test_a_request_that_got_no_answer_is_sent_again",
        ],
        "RPCs are issued in parallel": ["elections::TestBasics::test_rpcs_are_issued_in_parallel"],
    },
    "§5.2": {
        "servers start as followers": ["elections::TestElection::test_servers_start_as_followers"],
        "a server remains a follower while it receives valid RPCs": [
            "elections::TestElection::test_a_server_remains_a_follower_while_it_receives_valid_rpcs",
        ],
        "heartbeats maintain a leader's authority": [
            "elections::TestElection::test_leaders_send_heartbeats_to_all_followers_to_maintain_their_authority",
        ],
        "without communication for an election timeout an election begins": [
            "elections::TestElection::test_a_follower_that_hears_nothing_for_an_election_timeout_begins_an_election",
        ],
        "a follower increments its term, becomes candidate, votes for itself and asks all others": [
            "paper::TestElection::test_candidates_1_on_conversion_start_election",
        ],
        "a majority of the full cluster in the same term wins": [
            "elections::TestElection::test_a_candidate_wins_with_votes_from_a_majority_of_the_full_cluster",
            "elections::TestElection::test_votes_must_be_for_the_same_term",
        ],
        "one vote a term, first come first served": [
            "elections::TestElection::test_one_vote_a_term_first_come_first_served",
            "elections::TestElection::test_a_vote_is_kept_across_a_crash",
        ],
        "a new leader sends heartbeats to prevent new elections": [
            "elections::TestElection::test_a_new_leader_sends_heartbeats_to_prevent_new_elections",
        ],
        "a candidate yields to a leader of its term or a later one, and to no older": [
            "elections::TestElection::test_a_candidate_yields_to_a_leader_of_its_term_and_not_to_an_older",
        ],
        "a candidate that neither wins nor loses starts anew": [
            "paper::TestElection::test_candidates_4_election_timeout_elapses_start_new_election",
        ],
        "random timeouts resolve split votes": [
            "elections::TestElection::test_random_timeouts_resolve_split_votes",
            "elections::TestElection::test_timeouts_are_chosen_from_the_whole_interval",
        ],
        "each candidate restarts its timeout at the start of an election": [
            "elections::TestElection::test_each_candidate_restarts_its_timeout_at_the_start_of_an_election",
        ],
    },
    "§5.3": {
        "the leader appends a command and replicates it in parallel": [
            "replication::TestReplication::test_the_leader_appends_the_command_and_replicates_it_in_parallel",
        ],
        "safely replicated, it is applied and its result returned": [
            "replication::TestReplication::test_once_safely_replicated_it_is_applied_and_its_result_returned",
            "replication::TestReplication::test_the_result_is_that_of_the_execution",
        ],
        "the leader retries indefinitely, even after it has responded": [
            "replication::TestReplication::test_the_leader_retries_indefinitely_even_after_it_has_answered",
        ],
        "an entry has a command, a term and an index": [
            "replication::TestReplication::test_each_entry_has_a_command_a_term_and_its_index",
        ],
        "an entry is committed once its leader has it on a majority": [
            "replication::TestReplication::test_an_entry_is_committed_once_its_leader_has_replicated_it_on_a_majority",
        ],
        "this commits all preceding entries too": [
            "replication::TestReplication::test_committing_commits_all_preceding_entries_too",
        ],
        "the commit index travels with AppendEntries, heartbeats included": [
            "replication::TestReplication::test_the_leader_tells_followers_its_commit_index_in_heartbeats_too",
        ],
        "a follower applies committed entries in log order": [
            "replication::TestReplication::test_a_follower_applies_what_is_committed_in_log_order",
        ],
        "Log Matching: the same index and term mean the same command": [
            "replication::TestReplication::test_log_matching_equal_index_and_term_mean_equal_commands",
        ],
        "Log Matching: and identical preceding entries": [
            "replication::TestReplication::test_log_matching_and_equal_logs_up_to_there",
        ],
        "the consistency check refuses what would not follow": [
            "replication::TestReplication::test_the_consistency_check_refuses_entries_that_would_not_follow",
        ],
        "success means identical logs up through the new entries": [
            "replication::TestReplication::test_a_success_tells_that_the_logs_are_the_same_up_to_the_new_entries",
        ],
        "conflicting entries are overwritten with the leader's": [
            "replication::TestReplication::test_conflicting_entries_are_overwritten_with_the_leaders",
        ],
        "nextIndex starts just after the leader's last entry": [
            "replication::TestReplication::test_next_index_starts_just_after_the_leaders_last_entry",
        ],
        "each rejection moves it back until the logs match": [
            "replication::TestReplication::test_each_rejection_moves_next_index_back_until_the_logs_match",
        ],
        "with hints, one rejection for each conflicting term": [
            "replication::TestReplication::test_with_hints_one_rejection_for_each_conflicting_term_is_enough",
        ],
        "a new leader takes no special action, and logs converge": [
            "replication::TestReplication::test_a_new_leader_takes_no_special_action_and_logs_converge",
        ],
        "Leader Append-Only": [
            "replication::TestReplication::test_a_leader_never_overwrites_or_deletes_entries_of_its_log",
            "replication::TestReplication::test_not_even_if_another_claims_to_lead_its_term",
            "paper::TestLeader::test_a_leader_never_overwrites_its_log",
        ],
        "one round to a majority is enough, a slow follower costs nothing": [
            "replication::TestReplication::test_one_round_of_rpcs_to_a_majority_is_enough",
        ],
        "Figure 7": [
            "figure 7::test_refusals_until_the_logs_agree",
            "figure 7::test_extra_entries_stay_until_the_leader_appends",
            "figure 7::test_the_specification_allows_it_all",
        ],
    },
    "§5.4.1": {
        "a candidate wins only with all committed entries": [
            "replication::TestElectionRestriction::test_a_candidate_without_all_committed_entries_cannot_win",
            "figure 7::test_who_could_have_voted_for_the_leader",
        ],
        "the voter denies its vote if its own log is more up-to-date": [
            "replication::TestElectionRestriction::test_the_voter_refuses_if_its_own_log_is_more_up_to_date",
        ],
        "the later last term is more up-to-date": [
            "replication::TestElectionRestriction::test_the_later_last_term_is_more_up_to_date_however_long_the_log",
        ],
        "with the same last term the longer log is": [
            "replication::TestElectionRestriction::test_with_the_same_last_term_the_longer_log_is_more_up_to_date",
        ],
    },
    "§5.4.2": {
        "entries of earlier terms are not committed by counting replicas": [
            "replication::TestCommittingEarlierTerms::test_entries_of_earlier_terms_are_not_committed_by_counting",
        ],
        "they are committed indirectly": [
            "replication::TestCommittingEarlierTerms::test_an_entry_of_the_current_term_commits_them_indirectly",
        ],
        "entries keep their term when a later leader replicates them": [
            "replication::TestCommittingEarlierTerms::test_entries_keep_their_term_when_a_later_leader_replicates_them",
        ],
        "Figure 8": [
            "figure 8::test_c_an_older_entry_on_a_majority_is_not_committed",
            "figure 8::test_d_it_may_still_be_overwritten",
            "figure 8::test_e_an_entry_of_the_current_term_commits_it",
            "figure 8::test_with_the_mistake_of_counting_older_terms_safety_falls_at_d",
        ],
    },
    "§5.4.3": {
        "Leader Completeness and State Machine Safety": [
            "replication::TestSafetyArgument::test_leader_completeness_and_state_machine_safety_hold",
        ],
        "the voter accepted the committed entry before it voted": [
            "replication::TestSafetyArgument::test_a_voter_accepted_the_committed_entry_before_it_voted",
        ],
        "all servers apply the same commands in the same order": [
            "replication::TestSafetyArgument::test_servers_apply_the_same_commands_in_the_same_order",
        ],
    },
    "§5.5": {
        "requests to a crashed server are retried": [
            "replication::TestCrashesOfFollowersAndCandidates::test_requests_to_a_crashed_server_are_retried_until_it_is_back",
        ],
        "one that crashed before it answered gets the request again": [
            "replication::TestCrashesOfFollowersAndCandidates::test_a_server_that_crashed_before_it_answered_gets_the_same_request_again",
        ],
        "RPCs are idempotent": [
            "replication::TestCrashesOfFollowersAndCandidates::test_rpcs_are_idempotent",
        ],
        "a candidate that crashes": [
            "replication::TestCrashesOfFollowersAndCandidates::test_a_candidate_that_crashes_comes_back_as_a_follower_of_its_term",
        ],
    },
    "§5.6": {
        "safety does not depend on timing": [
            "replication::TestTiming::test_safety_does_not_depend_on_timing",
        ],
        "broadcastTime ≪ electionTimeout": [
            "replication::TestTiming::test_a_steady_leader_needs_a_broadcast_time_far_below_the_election_timeout",
        ],
        "without a leader there is no progress": [
            "replication::TestTiming::test_while_there_is_no_leader_clients_make_no_progress",
        ],
    },
    "§8": {
        "a server that does not lead names the leader": [
            "clients::test_a_client_that_asks_any_server_is_sent_to_the_leader",
        ],
        "a request to a crashed leader fails, the client tries another server": [
            "clients::test_a_request_to_a_crashed_leader_fails_and_the_client_tries_another_server",
            "clients::test_a_client_whose_leader_crashed_does_not_know_the_outcome",
        ],
        "a command may be executed twice": [
            "clients::test_without_serial_numbers_a_retried_command_is_executed_twice",
        ],
        "serial numbers prevent it": [
            "clients::test_with_serial_numbers_it_is_executed_once_and_answered_again",
        ],
        "a read must not be answered by a deposed leader": [
            "clients::test_a_deposed_leader_does_not_answer_a_read",
        ],
        "the leader exchanges heartbeats with a majority before it answers a read": [
            "clients::test_before_a_read_the_leader_exchanges_heartbeats_with_a_majority",
            "clients::test_an_acknowledgement_of_an_earlier_round_does_not_confirm_a_read",
        ],
        "it must know what is committed, by a blank entry of its term": [
            "clients::test_a_new_leader_finds_out_what_is_committed_before_it_answers_a_read",
            "clients::test_a_blank_entry_at_the_start_of_its_term_tells_it_at_once",
        ],
    },
}
