"""The staff's pages: cases for counsellors, feedback for AAP officers, reports for protection."""
