"""Teach: courses, exams with cited rules, the drill ground, certification before duty.

Walks in:  FindingRaised (quality), ClauseChanged (knowledge).
Walks out: CourseAssigned, ExamPassed, AgentCertified.
Not here:  who works when (workforce), what a vendor's exam counts for (vendors).
"""
